// What the bench asks of the page, from the inside. Runs before the page's own scripts.
window.measure = (() => {
    const later = milliseconds => new Promise(done => setTimeout(done, milliseconds));
    // After the next drawing: a message that is posted in a frame is taken when the frame is through.
    const painted = () => new Promise(done => requestAnimationFrame(() => {
        const channel = new MessageChannel();
        channel.port1.onmessage = () => done(performance.now());
        channel.port2.postMessage(0);
    }));
    const canvas = () => document.querySelector("[data-testid=canvas]");
    const rail = () => document.querySelector(".rail input");
    const range = last => Math.floor(Math.random() * (last + 1));
    const listeners = new Set();
    const drawn = new Set();
    const self = {first: null, last: null, asked: null, longTasks: []};

    const drawImage = CanvasRenderingContext2D.prototype.drawImage;
    CanvasRenderingContext2D.prototype.drawImage = function (...given) {
        drawImage.apply(this, given);
        if (this.canvas.closest(".sample")) drawn.add(this.canvas), (self.last = performance.now());
        else if (given[0] instanceof ImageBitmap) self.first ??= performance.now();
        listeners.forEach(listener => listener(this.canvas));
    };
    const createBitmap = window.createImageBitmap;
    window.createImageBitmap = async (source, ...rest) => {
        const bitmap = await createBitmap(source, ...rest);
        if (source instanceof VideoFrame) self.decoded = {number: source.timestamp, at: performance.now()};
        return bitmap;
    };
    const post = Worker.prototype.postMessage;
    Worker.prototype.postMessage = function (...given) {
        self.asked ??= performance.now();
        post.apply(this, given);
    };

    const press = key => window.dispatchEvent(new KeyboardEvent("keydown", {key, cancelable: true}));
    const go = number => {
        rail().value = String(number);
        rail().dispatchEvent(new Event("input", {bubbles: true}));
    };
    const until = async condition => {
        while (!condition()) await later(0);
    };

    // When all stills of the list are decoded and drawn.
    self.complete = () => until(() => drawn.size > 0 && drawn.size === document.querySelectorAll(".sample").length);

    // From the key, at any moment between two frames of the display, to the picture painted on the canvas, and to the
    // end of the display's frame that has it.
    self.steps = async count => {
        const times = [];
        let [key, number] = ["ArrowRight", NaN];
        press("Home");
        await later(200);
        for (let i = 0; i < count; i++) {
            await later(20 + Math.random() * 17);
            number = canvas().dataset.frame;
            const begun = performance.now();
            let touched = null;
            const listener = on => { if (canvas().contains(on)) touched ??= performance.now(); };
            listeners.add(listener);
            press(key);
            let end;
            do end = await painted(); while (!touched && end - begun < 500);
            listeners.delete(listener);
            if (touched) times.push([touched - begun, end - begun]);
            else key = key === "ArrowRight" ? "ArrowLeft" : "ArrowRight";
        }
        return times;
    };
    // From the rail's move to the decoded picture of that frame.
    self.scrubs = async count => {
        const times = [];
        while (times.length < count) {
            const number = range(Number(rail().max));
            if (number === Number(rail().value)) continue;
            const begun = performance.now();
            go(number);
            const decoded = () => self.decoded?.number === number && self.decoded.at >= begun;
            // A frame whose still is at hand is not decoded, and does not count.
            await until(() => decoded() || canvas().dataset.picture === String(number));
            if (decoded()) times.push(self.decoded.at - begun);
            await later(10);
        }
        return times;
    };
    self.stills = async count => {
        const times = [];
        while (times.length < count) {
            const number = range(Number(rail().max));
            if (number % 25 === 0) continue;
            const begun = performance.now();
            go(number);
            await until(() => canvas().dataset.frame === String(number));
            times.push(performance.now() - begun);
        }
        return times;
    };
    // A player on the source file: from the seek to the picture that it presents.
    self.seeks = async (url, count, rate) => {
        const video = document.createElement("video");
        Object.assign(video, {muted: true, preload: "auto"});
        Object.assign(video.style, {position: "fixed", width: "320px", zIndex: 99});
        document.body.append(video);
        video.src = URL.createObjectURL(await (await fetch(url)).blob());
        await new Promise(done => (video.oncanplaythrough = done));
        const times = [];
        while (times.length < count) {
            const begun = performance.now();
            const shown = new Promise(done => video.requestVideoFrameCallback(done));
            video.currentTime = (range(Number(rail().max)) + 0.5) / rate;
            if (await Promise.race([shown, later(2000)]) !== undefined) times.push(performance.now() - begun);
        }
        video.remove();
        return times;
    };
    // From an edit to the journal's word that it is on the disk, and to the server's that it has it.
    const put = IDBObjectStore.prototype.put;
    IDBObjectStore.prototype.put = function (...given) {
        this.transaction.addEventListener("complete", () => (self.kept ??= performance.now()));
        return put.apply(this, given);
    };
    const ask = window.fetch;
    window.fetch = async (...given) => {
        const answer = await ask(...given);
        if (String(given[0]).endsWith("/operations/") && answer.ok) self.acknowledged ??= performance.now();
        return answer;
    };
    self.saves = async count => {
        const times = [];
        const field = document.querySelector("textarea");
        for (let i = 0; i < count; i++) {
            self.kept = self.acknowledged = null;
            const begun = performance.now();
            field.value = `edit ${i}`;
            field.dispatchEvent(new Event("input", {bubbles: true}));
            await until(() => self.kept && self.acknowledged);
            times.push([self.kept - begun, self.acknowledged - begun]);
            await later(50);
        }
        return times;
    };
    // What hands do: keys (those held beside another too), clicks, and drags of more than a few pixels.
    self.countHands = () => {
        const hands = (self.hands = {keys: 0, clicks: 0, drags: 0});
        let down = null;
        const on = (name, act) => window.addEventListener(name, act, {capture: true});
        on("keydown", event => event.repeat || hands.keys++);
        on("pointerdown", event => (down = [event.clientX, event.clientY]));
        on("pointerup", event => {
            if (!down) return;
            hands[Math.hypot(event.clientX - down[0], event.clientY - down[1]) > 4 ? "drags" : "clicks"]++;
            down = null;
        });
    };
    self.watchTasks = () => new PerformanceObserver(list => self.longTasks.push(...list.getEntries()))
        .observe({type: "longtask"});
    return self;
})();

# What runs beside a robot: no Django in it. Built from the project's root.
FROM python:3.11-slim-bookworm
WORKDIR /site
COPY requirements*.txt ./
RUN pip install --no-cache-dir -r requirements-robot.txt
COPY ml ml
COPY robot robot
COPY docker docker
RUN useradd --system --home-dir /data --create-home --user-group robot
USER robot
VOLUME /data
ENTRYPOINT ["docker/robot.sh"]

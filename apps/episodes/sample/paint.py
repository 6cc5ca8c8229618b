"""How things look: shaded boxes, rods, bowls and soft shadows, far ones first."""

from collections.abc import Callable
from dataclasses import dataclass, field
from math import hypot

import cv2
import numpy as np
import numpy.typing as npt

from apps.episodes.sample.geometry import Array, Camera, point, turned

Image = npt.NDArray[np.uint8]
Color = tuple[float, float, float]

FIXED = 4  # OpenCV's fixed-point bits: things move by less than a pixel a frame
LIGHT = point(-0.35, 0.45, 0.82)
NEAR = 0.04  # metres; what is nearer to the lens is not drawn
SHADOW_SCALE = 4
SHADOW_SLANT = point(0.35, -0.45, 0)  # where a shadow falls, per metre of height
TABLE = (-0.06, 0.80, -0.62, 0.62)  # x from, x to, y from, y to
TEXTURE_PER_METRE = 450


@dataclass
class Canvas:
    """One frame in the making: first the table, the rest when `finish` knows what is far and what near."""

    camera: Camera
    image: Image
    things: list[tuple[float, Callable[[], None]]] = field(default_factory=list)
    shade: Image = field(init=False)

    def __post_init__(self) -> None:
        height, width = self.image.shape[0] // SHADOW_SCALE, self.image.shape[1] // SHADOW_SCALE
        self.shade = np.full((height, width), 255, np.uint8)

    def later(self, place: Array, draw: Callable[[], None]) -> None:
        """Draw a thing in its turn, by its distance from the camera."""
        self.things.append((self.camera.distance(place), draw))

    def finish(self) -> Image:
        """Shadows, then the things from far to near."""
        soft = cv2.GaussianBlur(self.shade, (0, 0), 2.2)
        large = cv2.resize(soft, self.image.shape[1::-1], interpolation=cv2.INTER_LINEAR)
        self.image = cv2.multiply(self.image, cv2.merge([large] * 3), scale=1 / 255).astype(np.uint8)
        for _, draw in sorted(self.things, key=lambda thing: -thing[0]):
            draw()
        return self.image

    def shadow(self, points: Array, strength: int = 95) -> None:
        """Darken the table under the hull of world points (N, 3)."""
        fallen = points + points[:, 2:] * SHADOW_SLANT
        fallen[:, 2] = 0
        pixels, depth = self.camera.project(fallen)
        if depth.min() > NEAR:
            hull = cv2.convexHull((pixels / SHADOW_SCALE).astype(np.float32))
            cv2.fillConvexPoly(self.shade, _fixed(hull), 255 - strength, cv2.LINE_AA, FIXED)

    def box(self, centre: Array, half: Array, color: Color, yaw: float = 0.0) -> None:
        """A box of half-sizes (3,), turned about z."""
        corners = turned(_CORNERS * half, yaw) + centre
        pixels, depth = self.camera.project(corners)
        if depth.min() < NEAR:
            return
        normals = turned(_NORMALS, yaw)
        for face, normal in zip(_FACES, normals, strict=True):
            if (self.camera.eye - corners[face[0]]) @ normal > 0:
                outline = _fixed(pixels[face])
                cv2.fillConvexPoly(self.image, outline, _lit(color, normal), cv2.LINE_AA, FIXED)
                cv2.polylines(self.image, [outline], True, _scaled(color, 0.55), 1, cv2.LINE_AA, FIXED)

    def rod(self, a: Array, b: Array, radius: tuple[float, float], color: Color) -> None:
        """A round bar from `a` to `b`, with a radius in metres at each end, lit from the upper left."""
        pixels, depth = self.camera.project(np.stack([a, b]))
        if depth.min() < NEAR:
            return
        sizes = np.array(radius) * self.camera.focal / depth
        layers = pixels + _SHINE_SHIFT * sizes[:, None], _SHINE_SHARE * sizes
        for shade, centres, widths in zip(_SHINE, *layers, strict=True):
            self._capsule(centres, widths, _scaled(color, shade))

    def ball(self, centre: Array, radius: float, color: Color) -> None:
        """A ball, as a rod of no length."""
        self.rod(centre, centre, (radius, radius), color)

    def bowl(self, centre: Array, radius: float, height: float, color: Color) -> None:
        """A round bowl that stands at `centre`."""
        rim = self.ring(centre + point(0, 0, height), radius)
        foot = self.ring(centre, radius * 0.62)
        inner = self.ring(centre + point(0, 0, height), radius * 0.91)
        floor = self.ring(centre + point(0, 0, height * 0.25), radius * 0.60)
        hull = cv2.convexHull(np.concatenate([rim, foot]).astype(np.float32))
        for outline, shade in ((hull, 0.72), (rim, 1.12), (inner, 0.60), (floor, 0.80)):
            cv2.fillConvexPoly(self.image, _fixed(outline), _scaled(color, shade), cv2.LINE_AA, FIXED)

    def ring(self, centre: Array, radius: float) -> Array:
        """Pixels (48, 2) of a level circle."""
        return self.camera.project(centre + _CIRCLE * radius)[0]

    def _capsule(self, centres: Array, sizes: Array, color: Color) -> None:
        (x0, y0), (x1, y1) = centres.tolist()
        r0, r1 = sizes.tolist()
        length = hypot(x1 - x0, y1 - y0)
        if length > 0:
            across, down = (y0 - y1) / length, (x1 - x0) / length
            sides = [(x0 + across * r0, y0 + down * r0), (x1 + across * r1, y1 + down * r1),
                     (x1 - across * r1, y1 - down * r1), (x0 - across * r0, y0 - down * r0)]  # fmt: skip
            cv2.fillConvexPoly(self.image, _fixed(sides), color, cv2.LINE_AA, FIXED)
            self._disc(x1, y1, r1, color)
        self._disc(x0, y0, r0, color)

    def _disc(self, x: float, y: float, radius: float, color: Color) -> None:
        centre = round(x * _ONE), round(y * _ONE)
        cv2.circle(self.image, centre, round(radius * _ONE), color, -1, cv2.LINE_AA, FIXED)


def table_texture() -> Image:
    """The table's top from above, one plank beside the other, (height, width, 3)."""
    depth, width = (TABLE[1] - TABLE[0]) * TEXTURE_PER_METRE, (TABLE[3] - TABLE[2]) * TEXTURE_PER_METRE
    noise = np.random.default_rng(7).normal(0, 1, (round(depth), round(width))).astype(np.float32)
    grain = cv2.GaussianBlur(noise, (0, 0), 26, sigmaY=0.9) * 40 + cv2.GaussianBlur(noise, (0, 0), 3) * 6
    rows = np.arange(grain.shape[0])
    plank = rows // 78
    grain += (np.sin(plank * 2.3) * 5)[:, None]
    grain[rows % 78 < 1] -= 26
    return np.clip(np.array([203, 186, 162]) + grain[..., None] * [1.0, 0.96, 0.85], 0, 255).astype(np.uint8)


def table_seen(camera: Camera, texture: Image) -> Image:
    """The empty table as a camera sees it, (height, width, 3), a dim floor around it."""
    x0, x1, y0, y1 = TABLE
    corners = np.array([[x1, y1, 0], [x1, y0, 0], [x0, y0, 0], [x0, y1, 0]])
    pixels, _ = camera.project(corners)
    height, width = texture.shape[:2]
    flat = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    warp = cv2.getPerspectiveTransform(flat, pixels.astype(np.float32))
    size = camera.width, camera.height
    seen = cv2.warpPerspective(texture, warp, size, borderMode=cv2.BORDER_CONSTANT, borderValue=(58, 62, 70))
    return seen.astype(np.uint8)


_ONE = 1 << FIXED
_SHINE = (0.5, 0.92, 1.28)  # a rod's stripes of light, from its edge inwards: brightness, width, shift
_SHINE_SHARE = np.array([[1.0], [0.80], [0.36]])
_SHINE_SHIFT = np.array([0.0, -0.12, -0.32])[:, None, None]
_CORNERS = np.array([[x, y, z] for z in (-1, 1) for y in (-1, 1) for x in (-1, 1)], np.float64)
_FACES = ([4, 5, 7, 6], [0, 1, 5, 4], [2, 3, 7, 6], [0, 2, 6, 4], [1, 3, 7, 5])
_NORMALS = np.array([[0, 0, 1], [0, -1, 0], [0, 1, 0], [-1, 0, 0], [1, 0, 0]], np.float64)
_ANGLES = np.linspace(0, 2 * np.pi, 48, endpoint=False)
_CIRCLE = np.stack([np.cos(_ANGLES), np.sin(_ANGLES), np.zeros(48)], axis=1)


def _fixed(points: npt.ArrayLike) -> npt.NDArray[np.int32]:
    return np.rint(np.multiply(points, _ONE)).astype(np.int32)


def _lit(color: Color, normal: Array) -> Color:
    return _scaled(color, 0.62 + 0.48 * max(0.0, float(normal @ LIGHT)))


def _scaled(color: Color, factor: float) -> Color:
    red, green, blue = color
    return min(255.0, red * factor), min(255.0, green * factor), min(255.0, blue * factor)

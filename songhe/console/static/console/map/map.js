// A map over the tiles of a page: the same places, words, colours and links, in the borders that were loaded.
"use strict";
(function () {
    const FILLS = {
        "is-met": "url(#map-met)",
        "is-not-met": "url(#map-not-met)",
        "is-undetermined": "url(#map-undetermined)",
        "is-gap": "#ffffff",
        "is-plain": "#dfe6ea",
        "is-step-1": "#f1f5f2",
        "is-step-2": "#d8e6dd",
        "is-step-3": "#b3cfbf",
        "is-step-4": "#86b39b",
        "is-step-5": "#5f977c",
    };
    const NAMED = 40;

    function tilesOf(place) {
        const found = new Map();
        for (const tile of document.querySelectorAll(`#${place.dataset.tiles} [data-key]`)) {
            found.set(tile.dataset.key, tile.firstElementChild);
        }
        return found;
    }

    function fillOf(tile) {
        const name = Object.keys(FILLS).find((one) => tile.classList.contains(one));
        return FILLS[name] || "#ffffff";
    }

    function wordsOf(tile) {
        const spoken = [...tile.children].filter((part) => !part.hasAttribute("aria-hidden"));
        return spoken.map((part) => part.textContent.trim()).join(" ");
    }

    function named(tile) {
        const words = document.createElement("span");
        for (const part of tile.querySelectorAll(".place, .figure, .sign")) {
            words.append(part.cloneNode(true));
        }
        return words;
    }

    // A place on the map is a link, for the mouse and for the keyboard.
    function linked(shape, tile) {
        const element = shape.getElement();
        const go = () => window.location.assign(tile.href);
        element.setAttribute("aria-label", wordsOf(tile));
        element.setAttribute("role", tile.href ? "link" : "img");
        if (!tile.href) {
            return;
        }
        element.setAttribute("tabindex", "0");
        element.addEventListener("keydown", (event) => {
            if (event.key === "Enter") {
                go();
            }
        });
        shape.on("click", go);
    }

    function draw(place, borders) {
        const tiles = tilesOf(place);
        const features = borders.features.filter((one) => tiles.has(String(one.id)));
        if (!features.length) {
            return;
        }
        place.hidden = false;
        const map = L.map(place, {
            attributionControl: false, scrollWheelZoom: false, zoomControl: false, zoomSnap: 0.25, keyboard: false,
        });
        L.control.zoom({ zoomInTitle: place.dataset.nearer, zoomOutTitle: place.dataset.further }).addTo(map);
        const layer = L.geoJSON({ type: "FeatureCollection", features: features }, {
            style: (one) => ({ color: "#3c4540", weight: 1, fillOpacity: 1, fillColor: fillOf(tiles.get(String(one.id))) }),
            onEachFeature: (one, shape) => {
                const tile = tiles.get(String(one.id));
                const permanent = features.length <= NAMED;
                shape.bindTooltip(named(tile), { permanent: permanent, direction: "center", className: "map-name" });
            },
        }).addTo(map);
        map.fitBounds(layer.getBounds(), { padding: [8, 8] });
        layer.eachLayer((shape) => linked(shape, tiles.get(String(shape.feature.id))));
        document.getElementById(place.dataset.tiles).classList.add(
            features.length === tiles.size ? "is-mapped" : "is-partly-mapped",
        );
    }

    async function begin(place) {
        const answer = await fetch(place.dataset.borders, { headers: { Accept: "application/geo+json" } });
        if (answer.ok) {
            draw(place, await answer.json());
        }
    }

    document.addEventListener("DOMContentLoaded", () => {
        document.querySelectorAll("[data-borders]").forEach(begin);
    });
})();

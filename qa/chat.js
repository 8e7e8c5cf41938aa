// What the chat does in the page. Gradio runs this once as the body of a function that is given
// `element` (the conversation), `server` (Python functions), `trigger` (starts an event of the conversation) and
// `watch` (calls back on new values).

const COPIED_MS = 2000;
const ROOM_FOR_BOTH = matchMedia("(min-width: 70rem)"); // as in chat.css

const reader = document.createElement("dialog");
reader.className = "reader";
reader.setAttribute("aria-label", "Statement");
element.closest("#chat").append(reader);

// HTML cannot hold NUL, so present.py leaves a place where one belongs.
function fillNuls(root) {
	for (const place of root.querySelectorAll("i[data-nul]")) place.textContent = "\0";
}

function show(html) {
	reader.innerHTML = html;
	fillNuls(reader);
	if (!reader.open) {
		if (ROOM_FOR_BOTH.matches) reader.show(); // beside the chat, which stays usable
		else reader.showModal();
	}
	const pages = reader.querySelector(".pages");
	const quoted = reader.querySelector("mark.quoted");
	pages.scrollTop = quoted ? quoted.offsetTop - pages.clientHeight / 4 : 0;
	reader.querySelector("h2").focus({ preventScroll: true });
}

async function openStatement(address) {
	show(await server.open_statement(Object.fromEntries(new URLSearchParams(address))));
}

// Where the page is not served from this machine or over HTTPS, browsers offer no navigator.clipboard.
async function copyText(text) {
	if (navigator.clipboard) return navigator.clipboard.writeText(text);
	const give = (event) => {
		event.clipboardData.setData("text/plain", text);
		event.preventDefault();
	};
	document.addEventListener("copy", give, { once: true });
	if (!document.execCommand("copy")) throw new Error("the browser refused");
}

async function copyQuote(button) {
	const quote = button.closest(".quote");
	const words = quote.querySelector(".quote-text").textContent;
	const citation = quote.querySelector(".citation").textContent;
	try {
		await copyText(`${words}\n\n${citation}`);
		button.textContent = "Copied";
	} catch {
		button.textContent = "Not copied";
	}
	setTimeout(() => (button.textContent = "Copy"), COPIED_MS);
}

function removeChip(chip) {
	const turns = [...element.querySelectorAll(".turn")];
	trigger("delete", { turn: turns.indexOf(chip.closest(".turn")), words: chip.value });
}

document.addEventListener("click", (event) => {
	const link = event.target.closest("a.open");
	const newTab = event.ctrlKey || event.metaKey || event.shiftKey;
	if (link && !newTab) {
		event.preventDefault();
		openStatement(link.search);
	}
	const button = event.target.closest("button.copy");
	if (button) copyQuote(button);
	const chip = event.target.closest("button.chip");
	if (chip) removeChip(chip);
	if (event.target === reader) reader.close(); // what lies around an open dialog counts as the dialog
});

document.addEventListener("keydown", (event) => {
	if (event.key === "Escape" && reader.open) reader.close(); // a dialog beside the page has no Escape of its own
});

watch("value", () => {
	fillNuls(element);
	const turns = element.querySelectorAll(".turn");
	const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
	turns[turns.length - 1]?.scrollIntoView({ block: "start", behavior: calm ? "auto" : "smooth" });
});

// A link to a place in a statement, opened in a new tab or from a bookmark.
if (new URLSearchParams(location.search).has("statement")) openStatement(location.search);

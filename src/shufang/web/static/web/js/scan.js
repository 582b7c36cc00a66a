// Reads the barcode of a book with the phone's camera: the browser's own BarcodeDetector where there is one, else the
// vendored decoder, which is fetched only then. Whatever is read goes the way of a number that was typed.

const WANTED = ["ean_13", "code_128", "code_39"];
const PAUSE = 120; // milliseconds between two looks
const FRAME = 960; // longest side of a picture that the vendored decoder gets

const part = document.querySelector("[data-scan]");
const video = part.querySelector("video");
const says = part.querySelector("[role=status]");
const opener = part.querySelector("button");
const form = document.querySelector("[data-typed]");
let stream = null;

const tell = (name) => {
  says.textContent = part.dataset[name];
};

const nativeLook = async () => {
  if (!("BarcodeDetector" in window)) return null;
  const formats = await window.BarcodeDetector.getSupportedFormats();
  if (!WANTED.every((format) => formats.includes(format))) return null;
  const detector = new window.BarcodeDetector({ formats: WANTED });
  return async () => (await detector.detect(video)).map((found) => found.rawValue);
};

const fetched = (address) =>
  new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = address;
    script.onload = resolve;
    script.onerror = reject;
    document.head.append(script);
  });

const vendoredLook = async () => {
  await fetched(part.dataset.decoder);
  const canvas = document.createElement("canvas");
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  return () =>
    new Promise((resolve) => {
      const scale = Math.min(1, FRAME / Math.max(video.videoWidth, video.videoHeight));
      canvas.width = Math.round(video.videoWidth * scale);
      canvas.height = Math.round(video.videoHeight * scale);
      pen.drawImage(video, 0, 0, canvas.width, canvas.height);
      const task = {
        src: canvas.toDataURL("image/jpeg", 0.9),
        numOfWorkers: 0,
        locate: true,
        inputStream: { size: FRAME, singleChannel: false },
        locator: { patchSize: "medium", halfSample: true },
        decoder: { readers: ["ean_reader", "code_128_reader", "code_39_reader"] },
      };
      window.Quagga.decodeSingle(task, (found) => resolve(found?.codeResult?.code ? [found.codeResult.code] : []));
    });
};

const isIsbn = (code) => {
  if (!/^97[89]\d{10}$/.test(code)) return false;
  const sum = [...code].reduce((total, digit, place) => total + Number(digit) * (place % 2 ? 3 : 1), 0);
  return sum % 10 === 0;
};

const close = () => {
  stream?.getTracks().forEach((track) => track.stop());
  stream = null;
};

const lookUp = (code) => {
  close();
  tell("found");
  form.elements.code.value = code;
  form.requestSubmit();
};

// A copy's number has no check digit of its own, so that it must be read twice alike before it counts.
const watch = async (look) => {
  let last = "";
  while (stream) {
    const [code] = video.videoWidth ? await look() : [];
    if (!stream) return;
    if (code && (isIsbn(code) || code === last)) {
      lookUp(code);
      return;
    }
    last = code ?? last;
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
  }
};

const open = async () => {
  opener.hidden = true;
  tell("opening");
  try {
    stream = await navigator.mediaDevices.getUserMedia({
      video: { facingMode: "environment", width: { ideal: 1280 }, height: { ideal: 720 } },
    });
    video.srcObject = stream;
    video.hidden = false;
    await video.play();
    const look = (await nativeLook()) ?? (await vendoredLook());
    tell("looking");
    await watch(look);
  } catch (reason) {
    close();
    video.hidden = true;
    opener.hidden = false;
    tell(reason?.name === "NotAllowedError" ? "refused" : "none");
    form.elements.code.focus();
  }
};

if (navigator.mediaDevices?.getUserMedia) {
  opener.addEventListener("click", open);
  part.hidden = false;
}
window.addEventListener("pagehide", close);

// Reads codes with the phone's camera: the browser's own BarcodeDetector where there is one, else for barcodes the
// vendored decoder, which is fetched only then. Whatever is read goes the way of a number that was typed. The part says
// what it reads (data-formats), what of a code counts (data-pattern) and whether one code follows another (data-stays).

const READERS = { ean_13: "ean_reader", code_128: "code_128_reader", code_39: "code_39_reader" }; // of the vendored decoder
const AGAIN = 5000; // milliseconds in which the same code, still in the picture, is not meant once more
const PAUSE = 120; // milliseconds between two looks
const FRAME = 960; // longest side of a picture that the vendored decoder gets

const part = document.querySelector("[data-scan]");
const video = part.querySelector("video");
const says = part.querySelector("[role=status]");
const opener = part.querySelector("button");
const form = document.querySelector("[data-typed]");
const wanted = part.dataset.formats.split(" ");
const stays = "stays" in part.dataset;
const pattern = part.dataset.pattern && new RegExp(part.dataset.pattern);
let stream = null;

const tell = (name) => {
  says.textContent = part.dataset[name];
};

const isNative = async () => {
  if (!("BarcodeDetector" in window)) return false;
  const formats = await window.BarcodeDetector.getSupportedFormats();
  return wanted.every((format) => formats.includes(format));
};

const nativeLook = () => {
  const detector = new window.BarcodeDetector({ formats: wanted });
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
        decoder: { readers: wanted.map((format) => READERS[format]) },
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

// What of a code is meant; nothing when it is another's.
const meant = (code) => (pattern ? pattern.exec(code)?.[1] : code);

const lookUp = (code) => {
  if (!stays) close();
  tell("found");
  navigator.vibrate?.(60);
  form.elements.code.value = code;
  form.requestSubmit();
};

// A copy's number has no check digit of its own, so that it must be read twice alike before it counts.
const watch = async (look) => {
  let last = "";
  let taken = { code: "", at: 0 };
  while (stream) {
    const [code] = (video.videoWidth ? await look() : []).map(meant).filter(Boolean);
    if (!stream) return;
    const isTaken = code === taken.code && Date.now() - taken.at < AGAIN;
    if (code && !isTaken && (isIsbn(code) || code === last)) {
      lookUp(code);
      if (!stays) return;
      taken = { code, at: Date.now() };
    }
    last = code ?? last;
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
  }
};

const open = async () => {
  opener.hidden = true;
  tell("opening");
  try {
    const look = (await isNative()) ? nativeLook() : await vendoredLook();
    stream = await navigator.mediaDevices.getUserMedia({
      video: { facingMode: "environment", width: { ideal: 1280 }, height: { ideal: 720 } },
    });
    video.srcObject = stream;
    video.hidden = false;
    await video.play();
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

const isReadable = async () => (await isNative()) || wanted.every((format) => format in READERS);

if (navigator.mediaDevices?.getUserMedia && (await isReadable())) {
  opener.addEventListener("click", open);
  part.hidden = false;
}
window.addEventListener("pagehide", close);

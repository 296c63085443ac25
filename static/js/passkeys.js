// Passkeys: asks the browser for one, and sends its answer. A form or button with data-tm-passkey
// says what for: "add" or "sign-in"; data-options and data-answer say where.
"use strict";

(function () {
  function bytes(text) {
    const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
    return Uint8Array.from(plain, (char) => char.charCodeAt(0)).buffer;
  }

  function text(buffer) {
    const plain = String.fromCharCode(...new Uint8Array(buffer));
    return btoa(plain).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  }

  async function send(url, token, body) {
    const answer = await fetch(url, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRFToken": token, "Idempotency-Key": window.crypto.randomUUID(), Accept: "application/json" },
      body: JSON.stringify(body),
      redirect: "error",
    });
    const kind = answer.headers.get("Content-Type") || "";
    const found = kind.startsWith("application/json") ? await answer.json() : {};
    if (!answer.ok) {
      throw new Error(found.message || "This did not work. Load the page again and repeat it.");
    }
    return found;
  }

  function withBytes(list) {
    return (list || []).map((one) => ({ ...one, id: bytes(one.id) }));
  }

  async function make(options) {
    const key = await navigator.credentials.create({
      publicKey: {
        ...options,
        challenge: bytes(options.challenge),
        user: { ...options.user, id: bytes(options.user.id) },
        excludeCredentials: withBytes(options.excludeCredentials),
      },
    });
    return {
      id: key.id,
      rawId: text(key.rawId),
      type: key.type,
      response: {
        clientDataJSON: text(key.response.clientDataJSON),
        attestationObject: text(key.response.attestationObject),
        transports: key.response.getTransports ? key.response.getTransports() : [],
      },
    };
  }

  async function use(options) {
    const key = await navigator.credentials.get({
      publicKey: {
        ...options,
        challenge: bytes(options.challenge),
        allowCredentials: withBytes(options.allowCredentials),
      },
    });
    return {
      id: key.id,
      rawId: text(key.rawId),
      type: key.type,
      response: {
        clientDataJSON: text(key.response.clientDataJSON),
        authenticatorData: text(key.response.authenticatorData),
        signature: text(key.response.signature),
        userHandle: key.response.userHandle ? text(key.response.userHandle) : null,
      },
    };
  }

  async function run(form) {
    const token = form.querySelector("[name=csrf_token]").value;
    const options = await send(form.dataset.options, token, {});
    const answer = form.dataset.tmPasskey === "add" ? await make(options) : await use(options);
    const name = form.querySelector("[name=name]");
    if (name) {
      answer.name = name.value;
    }
    const found = await send(form.dataset.answer, token, answer);
    window.location.assign(found.next);
  }

  document.querySelectorAll("[data-tm-passkey]").forEach(function (form) {
    if (!window.PublicKeyCredential) {
      return;
    }
    form.hidden = false;
    form.addEventListener("submit", function (event) {
      event.preventDefault();
      const note = form.querySelector("[data-tm-passkey-note]");
      note.textContent = "";
      run(form).catch(function (error) {
        note.textContent = error.name === "NotAllowedError" || error.name === "AbortError"
          ? "Nothing was chosen. Try again."
          : error.message;
      });
    });
  });
})();

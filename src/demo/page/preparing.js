// Shows how far the history has come, and loads the demo once it is there.
const bar = document.getElementById("done");

async function look() {
  try {
    const response = await fetch("/demo/progress", { cache: "no-store" });
    if (!response.ok) return location.reload();
    bar.value = (await response.json()).done;
  } catch {
    // Between two servers nobody answers for a moment; a demo that was stopped stays away.
  }
  setTimeout(look, 200);
}

look();

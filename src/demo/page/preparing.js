// Shows the progress of the history, and loads the demo once it is ready.
const bar = document.getElementById("done");

async function look() {
  try {
    const response = await fetch("/demo/progress", { cache: "no-store" });
    if (!response.ok) return location.reload();
    bar.value = (await response.json()).done;
  } catch {
    // Between the two servers requests fail for a moment; a stopped demo keeps failing.
  }
  setTimeout(look, 200);
}

look();

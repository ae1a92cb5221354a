/// What the windows of this browser that show the bridge tell each other; `null` where it denies them that.
///
/// It is heard by pages of our own origin in the same partition of the browser alone, and they run no script
/// but ours.
export function channel(name, heard) {
  try {
    const opened = new BroadcastChannel(`bridge-${name}`);
    opened.onmessage = heard;
    return opened;
  } catch {
    return null;
  }
}

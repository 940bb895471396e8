package io.meshwork.testkit;

import io.meshwork.notice.Notice;
import io.meshwork.notice.Notifier;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * A notifier for tests that records notices and can fail. Thread-safe.
 *
 * <pre>{@code
 * RecordingNotifier notices = new RecordingNotifier();
 * Mesh mesh = InMemoryMesh.builder().notifier("test", notices).open();
 * // publish, then
 * mesh.deliverNotices();
 * assertThat(notices.once()).extracting(Notice::to).containsExactly("finance@example.org");
 * }</pre>
 */
public final class RecordingNotifier implements Notifier {
  private final List<Notice> received = new ArrayList<>();
  private Consumer<Notice> before = notice -> {};
  private Consumer<Notice> after = notice -> {};

  /** Sets an action that runs before each notice is recorded; its exceptions fail the delivery. */
  public synchronized RecordingNotifier before(Consumer<Notice> action) {
    before = action;
    return this;
  }

  /** Sets an action that runs after each notice is recorded; its exceptions fail the delivery. */
  public synchronized RecordingNotifier after(Consumer<Notice> action) {
    after = action;
    return this;
  }

  @Override
  public synchronized void deliver(Notice notice) {
    before.accept(notice);
    received.add(notice);
    after.accept(notice);
  }

  /** Returns all notices in order of delivery, including repeated ones. */
  public synchronized List<Notice> all() {
    return List.copyOf(received);
  }

  /** Returns each notice once, by its ID, in order of first delivery. */
  public synchronized List<Notice> once() {
    Map<String, Notice> once = new LinkedHashMap<>();
    received.forEach(notice -> once.putIfAbsent(notice.id(), notice));
    return List.copyOf(once.values());
  }

  /** Removes all recorded notices. */
  public synchronized void clear() {
    received.clear();
  }
}

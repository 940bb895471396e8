package io.meshwork.testkit;

import io.meshwork.notice.Notice;
import io.meshwork.notice.Notifier;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * A notifier that records what it is told, for tests, and can be told to fail. Thread-safe.
 *
 * <pre>{@code
 * RecordingNotifier notices = new RecordingNotifier();
 * Mesh mesh = InMemoryMesh.with().notifier("test", notices).open();
 * // publish, then
 * mesh.deliverNotices();
 * assertThat(notices.once()).extracting(Notice::to).containsExactly("finance@example.org");
 * }</pre>
 */
public final class RecordingNotifier implements Notifier {
  private final List<Notice> received = new ArrayList<>();
  private Consumer<Notice> before = notice -> {};
  private Consumer<Notice> after = notice -> {};

  /** Runs before each notice is recorded; what it throws, the delivery gets. */
  public synchronized RecordingNotifier before(Consumer<Notice> action) {
    before = action;
    return this;
  }

  /** Runs after each notice was recorded; what it throws, the delivery gets. */
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

  /** Everything in the order it came, repeats too. */
  public synchronized List<Notice> all() {
    return List.copyOf(received);
  }

  /** Each notice once, in the order in which it came first: what one who knows ids makes of it. */
  public synchronized List<Notice> once() {
    Map<String, Notice> once = new LinkedHashMap<>();
    received.forEach(notice -> once.putIfAbsent(notice.id(), notice));
    return List.copyOf(once.values());
  }

  /** Forgets what was recorded. */
  public synchronized void clear() {
    received.clear();
  }
}

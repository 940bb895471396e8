package io.meshwork.testkit;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.error.MeshException;
import io.meshwork.internal.runtime.MeshObserver;
import io.meshwork.product.Principal;
import io.meshwork.product.ProductName;
import io.meshwork.publish.PublishHistory.RowChange;
import io.meshwork.publish.PublishReceipt;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Records the operations in the mesh of a test, and its open readers and uncommitted operations.
 * Thread-safe.
 */
final class TestMeshObserver implements MeshObserver {
  private static final int MAX_EVENTS = 200;

  private final List<String> events = new ArrayList<>();
  private final Map<Object, UnclosedReader> open = new LinkedHashMap<>();
  private final Map<Object, UncommittedOperation> uncommitted = new LinkedHashMap<>();
  private long omitted;

  @Override
  public void committed(String by, String what, Object result) {
    // The JSON of a receipt is one line, and has what identifies its publish.
    Object shown = result instanceof PublishReceipt receipt ? receipt.toJson() : result;
    record(by + ": " + what + ": " + shown);
  }

  @Override
  public void refused(String by, String what, MeshException why) {
    record(by + ": " + what + ": rejected, " + why.errorCode() + ": " + why.getMessage());
  }

  @Override
  public Runnable created(String by, String what) {
    Object operation = new Object();
    UncommittedOperation created = new UncommittedOperation(by, what);
    synchronized (this) {
      uncommitted.put(operation, created);
    }
    return () -> settled(operation);
  }

  private synchronized void settled(Object operation) {
    uncommitted.remove(operation);
  }

  @Override
  public Runnable opened(String by, String what) {
    Object reader = new Object();
    UnclosedReader unclosed = new UnclosedReader(by, what);
    synchronized (this) {
      open.put(reader, unclosed);
    }
    return () -> closed(reader);
  }

  private synchronized void closed(Object reader) {
    open.remove(reader);
  }

  private synchronized void record(String event) {
    if (events.size() == MAX_EVENTS) {
      events.remove(0);
      omitted++;
    }
    events.add(event);
  }

  synchronized boolean isAnyOpen() {
    return !open.isEmpty();
  }

  synchronized boolean isAnyUncommitted() {
    return !uncommitted.isEmpty();
  }

  /** Fails if readers are open; the stack traces show where they were opened. */
  synchronized void failIfOpen() {
    failIfAny(open.values());
  }

  /**
   * Fails if operations were created and neither planned nor committed; the stack traces show where
   * they were created.
   */
  synchronized void failIfUncommitted() {
    failIfAny(uncommitted.values());
  }

  private static void failIfAny(Collection<? extends AssertionError> failures) {
    AssertionError first = null;
    for (AssertionError failure : failures) {
      if (first == null) {
        first = failure;
      } else {
        first.addSuppressed(failure);
      }
    }
    if (first != null) {
      throw first;
    }
  }

  /** Returns what happened, oldest first, then the history of each product. */
  String summary(String test, Mesh mesh) {
    StringBuilder text = new StringBuilder("What happened in the mesh of ").append(test);
    synchronized (this) {
      if (omitted > 0) {
        line(text, omitted + " earlier changes of rows are omitted");
      }
      for (String event : events) {
        line(text, event);
      }
      if (events.isEmpty()) {
        line(text, "no rows were published, erased, or rolled back");
      }
    }
    try {
      for (ProductName product : mesh.clientAs(Principal.of("mesh", "test")).products()) {
        history(text, product, mesh.clientAs(Principal.of(product.domain(), "test")));
      }
    } catch (RuntimeException e) {
      line(text, "the log cannot be read: " + e.getMessage());
    }
    return text.toString();
  }

  private static void history(StringBuilder text, ProductName product, MeshClient owner) {
    List<RowChange> entries = owner.publishHistory(product).changes();
    line(text, "the log of " + product + ", newest first" + (entries.isEmpty() ? ": empty" : ":"));
    for (RowChange entry : entries) {
      line(
          text,
          String.format(
              Locale.ROOT,
              "  #%d at %s by %s: %s, %d rows added, %d removed, %d in all, contract %s, snapshot"
                  + " %s",
              entry.sequence(),
              entry.committedAt(),
              entry.by(),
              entry.mode(),
              entry.rowsAdded(),
              entry.rowsRemoved(),
              entry.rowsTotal(),
              entry.contract(),
              entry.snapshotId()));
    }
  }

  private static void line(StringBuilder text, String line) {
    text.append("\n  ").append(line.replace("\n", "\n  "));
  }
}

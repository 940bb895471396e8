package io.meshwork.internal.ledger;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;

/**
 * Reads the entries of a log between two sequences, from its newest or its oldest entry, in pages
 * of a thousand. The first pages from the newest have a hundred, because most callers want a few
 * entries only, and pages after a jump over many others have ten. Not thread-safe.
 */
final class LogEntries implements Iterator<VersionedDocument> {
  private static final int SHORT_PAGES = 3;

  /** After a jump over others, most callers want one entry. */
  private static final int SHORTEST = 10;

  private static final int SHORT = 100;
  private static final int LONG = 1_000;

  private final Ledger ledger;
  private final String partition;
  private final boolean newestFirst;
  private final Deque<VersionedDocument> read = new ArrayDeque<>();
  private long first;
  private long last;
  private int pages;
  private boolean jumped;

  /** The sequence of the newest entry that no page had, which a short jump does not change. */
  private long unread;

  /**
   * Creates a walk that has read nothing yet.
   *
   * @param first the sequence of the oldest entry, from 1
   * @param last the sequence of the newest entry; 0 for none
   * @param newestFirst false for the oldest first
   */
  LogEntries(Ledger ledger, String partition, long first, long last, boolean newestFirst) {
    this.ledger = ledger;
    this.partition = partition;
    this.first = first;
    this.last = last;
    this.unread = last;
    this.newestFirst = newestFirst;
  }

  /**
   * Returns true if there is another entry.
   *
   * @throws io.meshwork.error.BackendException if the store cannot be read
   */
  @Override
  public boolean hasNext() {
    while (read.isEmpty() && first <= last) {
      if (newestFirst) {
        readLastPage();
      } else {
        readFirstPage();
      }
    }
    return !read.isEmpty();
  }

  /**
   * Returns the next entry.
   *
   * @throws io.meshwork.error.BackendException if the store cannot be read
   */
  @Override
  public VersionedDocument next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    return read.remove();
  }

  /**
   * Continues from the newest at an older entry. The entries between are not returned, and not read
   * if they fill a page of a hundred.
   */
  void jumpTo(long sequence) {
    while (!read.isEmpty() && Ledger.sequence(read.element()) > sequence) {
      read.remove();
    }
    if (last - sequence >= SHORT) {
      unread = sequence;
      pages = 0;
      jumped = true;
    }
    last = Math.min(last, sequence);
  }

  private void readLastPage() {
    int few = jumped && pages < SHORT_PAGES ? SHORTEST : SHORT;
    int size = pages >= SHORT_PAGES && (unread + 1) % LONG == 0 ? LONG : few;
    long page = last / size;
    entries(page, size).forEach(read::addFirst);
    last = page * size - 1;
    unread = last;
    pages++;
  }

  private void readFirstPage() {
    long page = first / LONG;
    read.addAll(entries(page, LONG));
    first = (page + 1) * LONG;
  }

  /** The entries of a page between the sequences. */
  private List<VersionedDocument> entries(long page, int size) {
    return ledger.entries(partition, page, size).stream()
        .filter(entry -> Ledger.sequence(entry) >= first && Ledger.sequence(entry) <= last)
        .toList();
  }
}

package io.meshwork.internal.ledger;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;

/**
 * Reads a log from its newest entry to the oldest: a few pages of hundred entries, because most
 * callers want the newest ones only, then pages of thousand. Not thread-safe.
 */
final class NewestEntries implements Iterator<VersionedDocument> {
  private static final int SHORT_PAGES = 3;
  private static final int SHORT = 100;
  private static final int LONG = 1_000;

  private final Ledger ledger;
  private final String partition;
  private final long first;
  private final Deque<VersionedDocument> read = new ArrayDeque<>();
  private long last;
  private int pages;

  /**
   * Creates a walk that has read nothing yet.
   *
   * @param first the sequence of the last entry to return, from 1
   * @param last the sequence of the first entry to return; 0 for none
   */
  NewestEntries(Ledger ledger, String partition, long first, long last) {
    this.ledger = ledger;
    this.partition = partition;
    this.first = first;
    this.last = last;
  }

  /**
   * Returns true if there is another entry.
   *
   * @throws io.meshwork.error.BackendException if the store cannot be read
   */
  @Override
  public boolean hasNext() {
    while (read.isEmpty() && first <= last) {
      readPage();
    }
    return !read.isEmpty();
  }

  /**
   * Returns the next entry, which is older than the one before.
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

  private void readPage() {
    int size = pages >= SHORT_PAGES && (last + 1) % LONG == 0 ? LONG : SHORT;
    long page = last / size;
    List<VersionedDocument> entries = ledger.entries(partition, page, size);
    for (VersionedDocument entry : entries) {
      long sequence = entry.json().path("sequence").asLong();
      if (sequence >= first && sequence <= last) {
        read.addFirst(entry);
      }
    }
    last = page * size - 1;
    pages++;
  }
}

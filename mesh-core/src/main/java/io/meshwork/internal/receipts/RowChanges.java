package io.meshwork.internal.receipts;

import io.meshwork.publish.PublishHistory.RowChange;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Spliterator;
import java.util.Spliterators;

/** Changes of rows, which are read when they are needed. Thread-safe; cannot be modified. */
final class RowChanges extends AbstractList<RowChange> {
  private final Iterator<RowChange> source;
  private final List<RowChange> read = new ArrayList<>();

  /** Creates a list of what an iterator returns, which only the list uses. */
  RowChanges(Iterator<RowChange> source) {
    this.source = source;
  }

  private synchronized boolean has(int index) {
    while (read.size() <= index && source.hasNext()) {
      read.add(source.next());
    }
    return index < read.size();
  }

  @Override
  public synchronized RowChange get(int index) {
    if (index < 0 || !has(index)) {
      throw new IndexOutOfBoundsException("There is no change " + index);
    }
    return read.get(index);
  }

  @Override
  public synchronized int size() {
    has(Integer.MAX_VALUE - 1);
    return read.size();
  }

  @Override
  public boolean isEmpty() {
    return !has(0);
  }

  @Override
  public Iterator<RowChange> iterator() {
    return new Iterator<>() {
      private int next;

      @Override
      public boolean hasNext() {
        return has(next);
      }

      @Override
      public RowChange next() {
        if (!hasNext()) {
          throw new NoSuchElementException();
        }
        return get(next++);
      }
    };
  }

  @Override
  public Spliterator<RowChange> spliterator() {
    return Spliterators.spliteratorUnknownSize(
        iterator(), Spliterator.ORDERED | Spliterator.NONNULL | Spliterator.IMMUTABLE);
  }
}

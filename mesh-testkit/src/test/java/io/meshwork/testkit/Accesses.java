package io.meshwork.testkit;

import io.meshwork.registry.Registry;
import io.meshwork.registry.Registry.Key;
import io.meshwork.registry.Registry.Transaction;
import io.meshwork.registry.Registry.Transaction.Action;
import io.meshwork.registry.Registry.Transaction.Kind;
import java.util.HashSet;
import java.util.Set;

/**
 * The rows of a registry and the files that one step of a process read and wrote. Two steps of
 * different processes conflict if one writes what the other reads, lists, or writes. Adjacent steps
 * without a conflict can change places: the results and the content remain the same. Not
 * thread-safe.
 */
final class Accesses {
  private final Set<String> read = new HashSet<>();
  private final Set<String> listed = new HashSet<>();
  private final Set<String> written = new HashSet<>();

  void readRow(Key key) {
    read.add(row(key.partition(), key.sort()));
  }

  void listRows(String partition, String sortPrefix) {
    listed.add(row(partition, sortPrefix));
  }

  /** A commit reads the versions of all its rows, even if one of them prevents it. */
  void commit(Transaction transaction, boolean committed) {
    for (Action action : transaction.actions()) {
      readRow(action.key());
      if (committed && action.kind() != Kind.CHECK) {
        written.add(row(action.key().partition(), action.key().sort()));
      }
    }
    String attempt =
        row(transaction.partition(), Registry.ATTEMPT_PREFIX + transaction.attemptId());
    (committed ? written : read).add(attempt);
  }

  void resolve(String partition, String attemptId) {
    written.add(row(partition, Registry.ATTEMPT_PREFIX + attemptId));
  }

  void readFile(String location) {
    read.add(file(location));
  }

  void listFiles(String prefix) {
    listed.add(file(prefix));
  }

  void writeFile(String location) {
    written.add(file(location));
  }

  private static String row(String partition, String sort) {
    return "row " + partition + "\n" + sort;
  }

  private static String file(String location) {
    return "file " + ComparableContent.withoutRandom(location);
  }

  boolean conflictsWith(Accesses other) {
    return changes(other) || other.changes(this);
  }

  private boolean changes(Accesses other) {
    for (String name : written) {
      if (other.read.contains(name)
          || other.written.contains(name)
          || other.listed.stream().anyMatch(name::startsWith)) {
        return true;
      }
    }
    return false;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Accesses that
        && read.equals(that.read)
        && listed.equals(that.listed)
        && written.equals(that.written);
  }

  @Override
  public int hashCode() {
    return read.hashCode() + 31 * listed.hashCode() + 961 * written.hashCode();
  }

  @Override
  public String toString() {
    return "read " + read + ", listed " + listed + ", written " + written;
  }
}

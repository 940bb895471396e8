package io.meshwork.contract;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.product.ContractVersion;
import io.meshwork.product.Verdict;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Whether a contract may follow the earlier ones of its major under a compatibility mode, and if
 * not, what stands in the way. Changes do not depend on the mode; which of them block does. Pure
 * and immutable.
 *
 * @param mode the mode that counted
 * @param verdict what the change asks for under this mode
 * @param difference what changed since the last version, whatever the mode
 * @param obstacles what blocks, with whom it would break; empty if nothing does
 * @param allowedByMode changes that would need a new major, and under this mode are a minor
 */
public record Succession(
    Compatibility mode,
    Verdict verdict,
    Difference difference,
    List<Obstacle> obstacles,
    List<Difference.Change> allowedByMode) {

  /**
   * A change that blocks.
   *
   * @param against whom it breaks: a version, a reader or the files of a version
   * @param change what changed since then
   */
  public record Obstacle(String against, Difference.Change change) {}

  /** Copies the lists. */
  public Succession {
    obstacles = List.copyOf(obstacles);
    allowedByMode = List.copyOf(allowedByMode);
  }

  /** Starts with the contract that is to come into force. */
  public static Candidate of(Contract next) {
    return new Candidate(next, new TreeMap<>(), null, null, false);
  }

  /** True if the contract may follow in the same major without asking anybody. */
  public boolean isAllowed() {
    return obstacles.isEmpty() && verdict.compareTo(Verdict.MINOR) <= 0;
  }

  /** A contract that is to follow, and whom it could break. Immutable; each detail copies. */
  public static final class Candidate {
    private final Contract next;
    private final NavigableMap<ContractVersion, Contract> earlier;
    private final @Nullable Map<String, Schema> readers;
    private final @Nullable Map<String, Schema> files;
    private final boolean onlyNew;

    private Candidate(
        Contract next,
        NavigableMap<ContractVersion, Contract> earlier,
        @Nullable Map<String, Schema> readers,
        @Nullable Map<String, Schema> files,
        boolean onlyNew) {
      this.next = next;
      this.earlier = earlier;
      this.readers = readers;
      this.files = files;
      this.onlyNew = onlyNew;
    }

    /** The versions before it; those of other majors than the last one do not count. */
    public Candidate after(Map<ContractVersion, Contract> versions) {
      return new Candidate(next, new TreeMap<>(versions), readers, files, onlyNew);
    }

    /**
     * The schemas that consumers really read with, by the consumer's name, such as the columns that
     * a subscription uses. Under a transitive mode they stand for all earlier readers; if this is
     * not said, every earlier version has readers.
     */
    public Candidate readBy(Map<String, Schema> schemas) {
      return new Candidate(next, earlier, new LinkedHashMap<>(schemas), files, onlyNew);
    }

    /**
     * The schemas under which files were written that the table still holds, by a name for them.
     * Under a transitive mode they stand for all history; if this is not said, every earlier
     * version has files.
     */
    public Candidate overFilesOf(Map<String, Schema> schemas) {
      return new Candidate(next, earlier, readers, new LinkedHashMap<>(schemas), onlyNew);
    }

    /**
     * Under a transitive mode, leaves out what the last version already breaks for an earlier one:
     * that was let by when it came, no later contract mends it, and whoever came since lives with
     * it. If this is not said, it counts.
     */
    public Candidate countingOnlyWhatIsNew() {
      return new Candidate(next, earlier, readers, files, true);
    }

    /**
     * Judges under the mode of the last version and the contract's own, of which the stricter
     * counts.
     *
     * @throws InvalidRequestException INVALID_ARGUMENT if there is no earlier version
     */
    public Succession judged() {
      return underBoth(last().getValue().compatibility(), next.compatibility());
    }

    /**
     * Judges under a change of the mode: under the old and the new one, of which the stricter
     * counts.
     *
     * @throws InvalidRequestException INVALID_ARGUMENT if there is no earlier version
     */
    public Succession underBoth(Compatibility before, Compatibility after) {
      Succession old = under(before);
      Succession now = under(after);
      int stricter = old.verdict().compareTo(now.verdict());
      return stricter > 0 || (stricter == 0 && !old.obstacles().isEmpty()) ? old : now;
    }

    /**
     * Judges under a mode.
     *
     * @throws InvalidRequestException INVALID_ARGUMENT if there is no earlier version
     */
    public Succession under(Compatibility mode) {
      Map.Entry<ContractVersion, Contract> last = last();
      Difference difference = last.getValue().differenceTo(next);
      List<Obstacle> obstacles = new ArrayList<>();
      List<Difference.Change> allowed = new ArrayList<>();
      for (Difference.Change change : difference.changes()) {
        if (blocks(mode, change)) {
          obstacles.add(new Obstacle("version " + last.getKey(), change));
        } else if (change.verdict() == Verdict.MAJOR) {
          allowed.add(change);
        }
      }
      if (mode.isTransitive() && mode != Compatibility.DISABLED) {
        obstacles.addAll(withAllEarlier(mode, last.getKey(), last.getValue()));
      }
      return new Succession(
          mode, verdict(difference, allowed, obstacles), difference, obstacles, allowed);
    }

    private Map.Entry<ContractVersion, Contract> last() {
      Map.Entry<ContractVersion, Contract> last = earlier.lastEntry();
      if (last == null) {
        throw new InvalidRequestException(
            ErrorCode.INVALID_ARGUMENT,
            "Cannot judge what follows: there is no earlier version. Name it with after(...).");
      }
      return last;
    }

    private static Verdict verdict(
        Difference difference, List<Difference.Change> allowed, List<Obstacle> obstacles) {
      Verdict worst = Verdict.NONE;
      for (Difference.Change change : difference.changes()) {
        worst = worst.orWorse(allowed.contains(change) ? Verdict.MINOR : change.verdict());
      }
      for (Obstacle obstacle : obstacles) {
        worst = worst.orWorse(obstacle.change().verdict());
      }
      return worst;
    }

    private List<Obstacle> withAllEarlier(
        Compatibility mode, ContractVersion last, Contract inForce) {
      Map<String, Schema> versions = new LinkedHashMap<>();
      earlier
          .headMap(last, false)
          .forEach(
              (version, contract) -> {
                if (version.major() == last.major()) {
                  versions.put("version " + version, contract.schema());
                }
              });
      List<Obstacle> obstacles = new ArrayList<>();
      if (mode.protectsConsumers()) {
        obstacles.addAll(
            against(
                readers == null ? versions : named("reader ", readers),
                inForce,
                change -> !change.oldReadersReadNewRows() && blocks(mode, change)));
      }
      if (mode.protectsHistory()) {
        obstacles.addAll(
            against(
                files == null ? versions : named("files of ", files),
                inForce,
                change -> !change.newReadersReadOldRows() && blocks(mode, change)));
      }
      return obstacles.stream().distinct().toList();
    }

    private static Map<String, Schema> named(String what, Map<String, Schema> schemas) {
      Map<String, Schema> named = new LinkedHashMap<>();
      schemas.forEach((name, schema) -> named.put(what + name, schema));
      return named;
    }

    private List<Obstacle> against(
        Map<String, Schema> schemas, Contract inForce, Predicate<Difference.Change> harms) {
      List<Obstacle> obstacles = new ArrayList<>();
      schemas.forEach(
          (name, schema) -> {
            List<Difference.Change> standing =
                onlyNew ? harmful(schema, inForce, harms) : List.of();
            harmful(schema, next, harms).stream()
                .filter(change -> standing.stream().noneMatch(there -> covers(there, change)))
                .forEach(change -> obstacles.add(new Obstacle(name, change)));
          });
      return Collections.unmodifiableList(obstacles);
    }

    private static List<Difference.Change> harmful(
        Schema before, Contract after, Predicate<Difference.Change> harms) {
      return Difference.betweenLegal(before, after.schema()).changes().stream()
          .filter(harms)
          .toList();
    }

    /** True if what is there hurts at the same place in the same way, and nobody less. */
    private static boolean covers(Difference.Change there, Difference.Change change) {
      return there.code().equals(change.code())
          && there.path().equals(change.path())
          && (change.oldReadersReadNewRows() || !there.oldReadersReadNewRows())
          && (change.newReadersReadOldRows() || !there.newReadersReadOldRows());
    }

    private static boolean blocks(Compatibility mode, Difference.Change change) {
      if (mode == Compatibility.DISABLED) {
        return !change.code().equals("MODE_CHANGED"); // or it could never be thawed
      }
      if (change.verdict() != Verdict.MAJOR) {
        return false;
      }
      return switch (mode) {
        case NONE -> false;
        case BACKWARD, BACKWARD_TRANSITIVE -> !onlyConsumersMind(change);
        case FORWARD, FORWARD_TRANSITIVE -> !change.code().equals("HISTORY_UNREADABLE");
        default -> true;
      };
    }

    private static boolean onlyConsumersMind(Difference.Change change) {
      return switch (change.code()) {
        case "CONSUMER_BREAK", "WIDENING_OLD_READER" -> true;
        case "SILENT_LOSS" -> change.newReadersReadOldRows(); // of a column, not of a symbol
        default -> false;
      };
    }
  }
}

package io.meshwork.internal.contract;

import io.meshwork.contract.Compatibility;
import io.meshwork.contract.Contract;
import io.meshwork.contract.ContractDifference;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.product.ContractVersion;
import io.meshwork.product.ContractVersion.Verdict;
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
 * Whether a contract can follow the earlier ones of its major version under a compatibility mode,
 * and if not, why. Changes do not depend on the mode; whether they block does. Immutable.
 *
 * @param mode the mode that applies
 * @param verdict what the change requires under this mode
 * @param difference what changes from the last version, whatever the mode
 * @param obstacles the changes that block, with the reader that each breaks; empty if none do
 * @param allowedByMode changes that would require a new major version, but are minor under this
 *     mode
 */
public record ContractSuccession(
    Compatibility mode,
    Verdict verdict,
    ContractDifference difference,
    List<Obstacle> obstacles,
    List<ContractDifference.Change> allowedByMode) {

  /**
   * A change that blocks.
   *
   * @param against what it breaks: a version, a reader, or the files of a version
   * @param change the change
   */
  public record Obstacle(String against, ContractDifference.Change change) {}

  public ContractSuccession {
    obstacles = List.copyOf(obstacles);
    allowedByMode = List.copyOf(allowedByMode);
  }

  /**
   * Starts with the contract that is to take effect.
   *
   * @param next not null
   */
  public static Candidate of(Contract next) {
    return new Candidate(next, new TreeMap<>(), null, null, null, false);
  }

  /**
   * Returns true if the contract can follow in the same major version without anyone's agreement.
   */
  public boolean isAllowed() {
    return obstacles.isEmpty() && verdict.compareTo(Verdict.MINOR) <= 0;
  }

  /**
   * A contract that is to follow others, and the readers that it could break. Each method returns a
   * copy. Immutable.
   */
  public static final class Candidate {
    private final Contract next;
    private final NavigableMap<ContractVersion, Contract> earlier;
    private final @Nullable Map<String, String> renamings;
    private final @Nullable Map<String, Schema> readers;
    private final @Nullable Map<String, Schema> files;
    private final boolean onlyNew;

    private Candidate(
        Contract next,
        NavigableMap<ContractVersion, Contract> earlier,
        @Nullable Map<String, String> renamings,
        @Nullable Map<String, Schema> readers,
        @Nullable Map<String, Schema> files,
        boolean onlyNew) {
      this.next = next;
      this.earlier = earlier;
      this.renamings = renamings;
      this.readers = readers;
      this.files = files;
      this.onlyNew = onlyNew;
    }

    /**
     * Sets the earlier versions. Only versions of the last one's major version count.
     *
     * @param versions not null
     */
    public Candidate after(Map<ContractVersion, Contract> versions) {
      return new Candidate(next, new TreeMap<>(versions), renamings, readers, files, onlyNew);
    }

    /**
     * Sets the columns that continue under another name in a new major version. Readers of the old
     * name still break; each change has the old path, and states the new one. No change advises to
     * roll out a new major version. Default: the contract stays in the major version, and an alias
     * renames a column.
     *
     * @param paths the new paths by the old paths, such as {@code lines[].quantity} by {@code
     *     lines[].qty}
     */
    public Candidate renaming(Map<String, String> paths) {
      return new Candidate(next, earlier, Map.copyOf(paths), readers, files, onlyNew);
    }

    /**
     * Sets the schemas that consumers really read with, such as the columns that a subscription
     * uses. Under a transitive mode, they replace all earlier readers. Default: every earlier
     * version has readers.
     *
     * @param schemas by the consumer's name
     */
    public Candidate readBy(Map<String, Schema> schemas) {
      return new Candidate(next, earlier, renamings, new LinkedHashMap<>(schemas), files, onlyNew);
    }

    /**
     * Sets the schemas of the files that the table still has. Under a transitive mode, they replace
     * all earlier versions. Default: every earlier version has files.
     *
     * @param schemas by a name for them
     */
    public Candidate overFilesOf(Map<String, Schema> schemas) {
      return new Candidate(
          next, earlier, renamings, readers, new LinkedHashMap<>(schemas), onlyNew);
    }

    /**
     * Under a transitive mode, ignores incompatibilities that the last version already has with an
     * earlier one. They were accepted with the last version, and no later contract can undo them.
     * Default: they count.
     */
    public Candidate countingOnlyWhatIsNew() {
      return new Candidate(next, earlier, renamings, readers, files, true);
    }

    /**
     * Evaluates under the stricter of the last version's mode and the contract's own.
     *
     * @throws io.meshwork.error.InvalidRequestException INVALID_ARGUMENT without an earlier version
     */
    public ContractSuccession evaluate() {
      return underBoth(last().getValue().compatibility(), next.compatibility());
    }

    /**
     * Evaluates a change of the mode, under the stricter of both.
     *
     * @param before the old mode
     * @param after the new mode
     * @throws io.meshwork.error.InvalidRequestException INVALID_ARGUMENT without an earlier version
     */
    public ContractSuccession underBoth(Compatibility before, Compatibility after) {
      ContractSuccession old = under(before);
      ContractSuccession now = under(after);
      int stricter = old.verdict().compareTo(now.verdict());
      return stricter > 0 || (stricter == 0 && !old.obstacles().isEmpty()) ? old : now;
    }

    /**
     * Evaluates under a mode.
     *
     * @param mode not null
     * @throws io.meshwork.error.InvalidRequestException INVALID_ARGUMENT without an earlier version
     */
    public ContractSuccession under(Compatibility mode) {
      Map.Entry<ContractVersion, Contract> last = last();
      ContractDifference difference = difference(last.getValue());
      List<Obstacle> obstacles = new ArrayList<>();
      List<ContractDifference.Change> allowed = new ArrayList<>();
      for (ContractDifference.Change change : difference.changes()) {
        if (mode.blocks(change)) {
          obstacles.add(new Obstacle("version " + last.getKey(), change));
        } else if (change.verdict() == Verdict.MAJOR) {
          allowed.add(change);
        }
      }
      if (mode.isTransitive() && mode != Compatibility.DISABLED) {
        obstacles.addAll(againstAllEarlier(mode, last.getKey(), last.getValue()));
      }
      return new ContractSuccession(
          mode, verdict(difference, allowed, obstacles), difference, obstacles, allowed);
    }

    private Map.Entry<ContractVersion, Contract> last() {
      Map.Entry<ContractVersion, Contract> last = earlier.lastEntry();
      if (last == null) {
        throw Failure.of(MeshAction.of(Verb.CHECK, "the contract"))
            .because("it has no earlier version to follow")
            .fix("Set the earlier versions with after(...).")
            .invalidRequest(ErrorCode.INVALID_ARGUMENT);
      }
      return last;
    }

    private static Verdict verdict(
        ContractDifference difference,
        List<ContractDifference.Change> allowed,
        List<Obstacle> obstacles) {
      Verdict worst = Verdict.NONE;
      for (ContractDifference.Change change : difference.changes()) {
        worst = worst.orWorse(allowed.contains(change) ? Verdict.MINOR : change.verdict());
      }
      for (Obstacle obstacle : obstacles) {
        worst = worst.orWorse(obstacle.change().verdict());
      }
      return worst;
    }

    private List<Obstacle> againstAllEarlier(
        Compatibility mode, ContractVersion last, Contract current) {
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
                current,
                change -> !change.oldReadersReadNewRows() && mode.blocks(change)));
      }
      if (mode.protectsHistory()) {
        obstacles.addAll(
            against(
                files == null ? versions : named("files of ", files),
                current,
                change -> !change.newReadersReadOldRows() && mode.blocks(change)));
      }
      return obstacles.stream().distinct().toList();
    }

    private static Map<String, Schema> named(String what, Map<String, Schema> schemas) {
      Map<String, Schema> named = new LinkedHashMap<>();
      schemas.forEach((name, schema) -> named.put(what + name, schema));
      return named;
    }

    private List<Obstacle> against(
        Map<String, Schema> schemas,
        Contract current,
        Predicate<ContractDifference.Change> breaks) {
      List<Obstacle> obstacles = new ArrayList<>();
      schemas.forEach(
          (name, schema) -> {
            List<ContractDifference.Change> accepted =
                onlyNew
                    ? ContractDifference.between(schema, current.schema()).changes().stream()
                        .filter(breaks)
                        .toList()
                    : List.of();
            difference(schema).changes().stream()
                .filter(breaks)
                .filter(change -> accepted.stream().noneMatch(earlier -> covers(earlier, change)))
                .forEach(change -> obstacles.add(new Obstacle(name, change)));
          });
      return Collections.unmodifiableList(obstacles);
    }

    private ContractDifference difference(Contract before) {
      return renamings == null
          ? before.differenceTo(next)
          : ContractDifference.ofNewMajor(before, next, renamings);
    }

    private ContractDifference difference(Schema before) {
      return renamings == null
          ? ContractDifference.between(before, next.schema())
          : ContractDifference.ofNewMajor(before, next.schema(), renamings);
    }

    /** True if an accepted change has the same code and path, and breaks the same readers. */
    private static boolean covers(
        ContractDifference.Change accepted, ContractDifference.Change change) {
      return accepted.code() == change.code()
          && accepted.path().equals(change.path())
          && (change.oldReadersReadNewRows() || !accepted.oldReadersReadNewRows())
          && (change.newReadersReadOldRows() || !accepted.newReadersReadOldRows());
    }
  }
}

package io.meshwork.internal.rollout;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.meshwork.rollout.MajorRollout.RowDifference;
import io.meshwork.rollout.MajorRollout.RowDifference.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * In which rows the major versions of a rollout differ, where they do not, and whether rows were
 * mapped, so that columns of the same name can have different values. Each transaction that changes
 * one of them alone adds what it changes; one that replaces all rows of both removes it, and a
 * verification removes what it does not find. Stored in the rollout's document. Immutable.
 *
 * @param rows the differences, oldest first
 * @param positions the places at which both have the same rows, oldest first
 * @param quarantines the publishes with quarantined rows that the other version may have
 * @param mappedBackFill true if a back-fill with a mapping was committed
 * @param mappedPublishes true if a publish with a mapping was committed since all rows of both were
 *     replaced
 */
public record Differences(
    @JsonProperty("differences") List<RowDifference> rows,
    @JsonProperty("levels") List<SynchronizedPositions> positions,
    List<String> quarantines,
    @JsonProperty("mapped") @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean mappedBackFill,
    @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean mappedPublishes) {
  /** Of a rollout that was just started. */
  public static final Differences NONE =
      new Differences(List.of(), List.of(), List.of(), false, false);

  /** Of further differences, those of one version with one reason are added up. */
  private static final int MAX_DIFFERENCES = 100;

  /** Positions before the oldest of these places cannot continue. */
  private static final int MAX_POSITIONS = 100;

  /** Of further publishes with quarantined rows, none is known by its ID. */
  private static final int MAX_QUARANTINES = 100;

  /** Stands for each publish. */
  private static final String ANY = "*";

  public Differences {
    rows = List.copyOf(rows);
    positions = List.copyOf(positions);
    quarantines = List.copyOf(quarantines);
  }

  /** The same, after a back-fill with a mapping. */
  Differences withMapping() {
    return new Differences(rows, positions, quarantines, true, mappedPublishes);
  }

  /** The same, after a publish with a mapping. */
  Differences withMappedPublish() {
    return new Differences(rows, positions, quarantines, mappedBackFill, true);
  }

  private Differences with(List<RowDifference> others) {
    return new Differences(others, positions, quarantines, mappedBackFill, mappedPublishes);
  }

  private Differences at(List<SynchronizedPositions> places) {
    return new Differences(rows, places, quarantines, mappedBackFill, mappedPublishes);
  }

  private Differences quarantined(List<String> publishes) {
    return new Differences(rows, positions, publishes, mappedBackFill, mappedPublishes);
  }

  /**
   * The same, after one of the versions changed alone.
   *
   * @param entry the sequence of the log entry of the change
   */
  Differences with(RowDifference difference, long entry) {
    List<RowDifference> all = new ArrayList<>(rows);
    int same = -1;
    for (int i = 0; i < all.size(); i++) {
      if (all.get(i).reason() == difference.reason() && all.get(i).major() == difference.major()) {
        same = i;
      }
    }
    if (all.size() < MAX_DIFFERENCES || same < 0) {
      all.add(difference);
    } else {
      RowDifference sum = all.get(same);
      all.set(
          same,
          new RowDifference(
              sum.reason(),
              sum.major(),
              sum.rows() + difference.rows(),
              sum.because(),
              sum.since()));
    }
    return with(all).until(entry);
  }

  /** The same, after a publish quarantined rows in one of the versions alone. */
  Differences quarantined(String publish) {
    List<String> all = new ArrayList<>(quarantines);
    all.add(publish);
    return quarantined(all.size() > MAX_QUARANTINES ? List.of(ANY) : all);
  }

  /** True if the version without the quarantined rows of a publish may have these rows. */
  public boolean isQuarantinedAlone(String publish) {
    return quarantines.contains(publish) || quarantines.contains(ANY);
  }

  /** The same, if the versions no longer have the same changes from this log entry on. */
  Differences until(long entry) {
    return haveSameChanges()
        ? at(replaced(positions.get(positions.size() - 1).until(entry)))
        : this;
  }

  /** The sequence of the change that ended the last positions; empty if none did. */
  public OptionalLong until() {
    return positions.isEmpty() ? OptionalLong.empty() : positions.get(positions.size() - 1).until();
  }

  /** The same, without the end of the last positions. */
  Differences resumed() {
    SynchronizedPositions last = positions.get(positions.size() - 1);
    return at(replaced(new SynchronizedPositions(last.entry(), last.from(), last.to())));
  }

  private List<SynchronizedPositions> replaced(SynchronizedPositions last) {
    List<SynchronizedPositions> all = new ArrayList<>(positions.subList(0, positions.size() - 1));
    all.add(last);
    return all;
  }

  /**
   * The same, after a comparison of all rows.
   *
   * @param rejected the number of rejected rows that the old version still has; no others differ
   */
  Differences verified(long rejected) {
    return with(
        rows.stream()
            .filter(Differences::isRejected)
            .flatMap(each -> rejected(each, rejected).stream())
            .toList());
  }

  /** The same, after all rows of both versions were replaced by the same ones. */
  Differences replaced() {
    return new Differences(List.of(), positions, List.of(), mappedBackFill, false);
  }

  /** The same, after both versions have the same rows. */
  Differences synchronizedAt(SynchronizedPositions places) {
    List<SynchronizedPositions> all = new ArrayList<>(positions);
    all.add(places);
    return at(all.subList(Math.max(0, all.size() - MAX_POSITIONS), all.size()));
  }

  /** The same, after some rejected rows were removed from the old version. */
  Differences withoutRejected(long removed) {
    return with(
        rows.stream()
            .flatMap(
                each ->
                    isRejected(each)
                        ? rejected(each, each.rows() - removed).stream()
                        : Stream.of(each))
            .toList());
  }

  private static boolean isRejected(RowDifference difference) {
    return difference.reason() == Reason.UNFIT;
  }

  /** The same difference with another number of rows; empty if none is left. */
  private static Optional<RowDifference> rejected(RowDifference before, long number) {
    return number > 0
        ? Optional.of(
            new RowDifference(
                Reason.UNFIT, before.major(), number, before.because(), before.since()))
        : Optional.empty();
  }

  /** True if one of the versions changed alone, and no comparison found the same rows since. */
  boolean mayDiffer() {
    return rows.stream().anyMatch(each -> each.reason() == Reason.CHANGED_ALONE);
  }

  /** The rows of the history that the new version lacks because they break its contract. */
  long rejectedRows() {
    return rows.stream().filter(Differences::isRejected).mapToLong(RowDifference::rows).sum();
  }

  /** True if both versions have had the same changes since they had the same rows. */
  public boolean haveSameChanges() {
    return !positions.isEmpty() && until().isEmpty();
  }
}

package io.meshwork.internal.ingest;

import io.meshwork.internal.quality.QualityGate.Destination;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Function;

/**
 * Rows of one major version whose destination is decided after others, in the order of their
 * numbers.
 */
interface DecidedRows {
  /** The contract version that the rows are checked against. */
  String version();

  /**
   * Moves to the next row.
   *
   * @return its number in the input; empty if there is none
   */
  OptionalLong nextHeld();

  /** The destination that the contract of this version requires for the row. */
  Destination heldStanding();

  /** Sends the row to its destination. */
  void settleHeld(Destination destination);

  /** The rules that the row breaks in this version. */
  List<String> heldReasons();

  /**
   * Passes the row, which is settled.
   *
   * @param reasonsOfOthers the rules that it breaks in other versions
   */
  void passHeld(List<String> reasonsOfOthers);

  /** Decides on all rows; each has the same destination in all versions. */
  static void decide(List<? extends DecidedRows> majors) {
    DecidedRows leading = majors.get(0);
    for (OptionalLong next = leading.nextHeld(); next.isPresent(); next = leading.nextHeld()) {
      OptionalLong number = next;
      List<? extends DecidedRows> having =
          majors.size() == 1
              ? majors
              : majors.stream().filter(major -> major.nextHeld().equals(number)).toList();
      Destination destination = Destination.PUBLISHED;
      for (DecidedRows major : having) {
        destination = destination.or(major.heldStanding());
      }
      for (DecidedRows major : having) {
        major.settleHeld(destination);
      }
      pass(having, destination);
    }
    majors.forEach(DecidedRows::nextHeld);
  }

  private static void pass(List<? extends DecidedRows> having, Destination destination) {
    List<List<String>> reasons = new ArrayList<>();
    for (DecidedRows major : having) {
      reasons.add(
          destination == Destination.QUARANTINED
              ? reasonsOfOthers(having, major, DecidedRows::heldReasons)
              : List.of());
    }
    for (int i = 0; i < having.size(); i++) {
      having.get(i).passHeld(reasons.get(i));
    }
  }

  /** The rules that a row breaks in the other versions, each with its version. */
  static <H extends DecidedRows> List<String> reasonsOfOthers(
      List<? extends H> all, H own, Function<? super H, List<String>> reasons) {
    return all.stream()
        .filter(other -> other != own)
        .flatMap(
            other -> reasons.apply(other).stream().map(reason -> other.version() + ":" + reason))
        .toList();
  }
}

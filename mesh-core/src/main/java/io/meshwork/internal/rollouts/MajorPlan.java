package io.meshwork.internal.rollouts;

import io.meshwork.internal.ledger.ChangePlan;
import io.meshwork.internal.rollout.NewMajor;
import io.meshwork.rollout.MajorRollout;
import io.meshwork.rollout.StartRollout.RolloutPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/** The plan of a new major version. Immutable. */
final class MajorPlan extends StartPlan<MajorRollout> implements RolloutPlan {
  MajorPlan(EvaluatedStart start, Function<String, MajorRollout> committing) {
    super(start, committing);
  }

  @Override
  public int to() {
    return start().rollout().to();
  }

  @Override
  public long bytesTwice() {
    return start().impact().bytesTwice();
  }

  @Override
  String verb() {
    return "roll out";
  }

  @Override
  String reader() {
    return "rollout";
  }

  @Override
  Stream<Step> creation(String undo) {
    NewMajor next = start().next().orElseThrow();
    return Stream.of(
        new Step(
            "create table",
            next.table().toString(),
            "of format "
                + next.tableFormat()
                + ", with "
                + next.schema().columns().size()
                + " columns; and its quarantine",
            undo),
        new Step(
            "prepare",
            product() + " " + version(),
            "for its owner to read; " + start().current().version() + " does not change",
            ""));
  }

  @Override
  List<String> terms() {
    StartTerms terms = start().terms();
    List<String> lines = new ArrayList<>();
    lines.add(dates("major version " + from() + " is proposed to retire"));
    terms
        .excludedRows()
        .ifPresent(
            filter ->
                lines.add(
                    ChangePlan.line(
                        "only",
                        "major version "
                            + to()
                            + " has the rows where "
                            + filter
                            + ": "
                            + terms.because())));
    lines.add(
        ChangePlan.line(
            "history",
            terms.withoutHistory()
                ? "starts without rows: " + terms.because()
                : bytesTwice() + " bytes are held twice"));
    return lines;
  }
}

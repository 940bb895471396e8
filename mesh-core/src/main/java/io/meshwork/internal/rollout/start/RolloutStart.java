package io.meshwork.internal.rollout.start;

import io.meshwork.contract.Contract;
import io.meshwork.contract.Partition;
import io.meshwork.internal.ledger.ChangePlan;
import io.meshwork.internal.majors.NewMajor;
import io.meshwork.internal.rollout.RolloutEntry;
import io.meshwork.internal.rollout.backfill.MajorRolloutView;
import io.meshwork.internal.rollout.start.ContractStartPlan.EvaluatedStart;
import io.meshwork.internal.runtime.ArgumentChecks;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.text.Count;
import io.meshwork.product.ProductName;
import io.meshwork.rollout.MajorRollout;
import io.meshwork.rollout.StartRollout;
import io.meshwork.rollout.StartRollout.RolloutPlan;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Starts the rollout of a new major version. Not thread-safe. */
final class RolloutStart extends ContractStart<RolloutPlan, MajorRollout> implements StartRollout {
  private final Map<String, String> renamings = new TreeMap<>();
  private @Nullable List<Partition> partitioning;
  private @Nullable String excludedRows;
  private boolean withoutHistory;

  RolloutStart(ClientSession session, ProductName product) {
    super(session, product);
  }

  @Override
  public StartRollout contract(Contract newContract) {
    setContract(newContract);
    return this;
  }

  @Override
  public StartRollout partitionBy(Partition... partitions) {
    partitioning = ArgumentChecks.all("partitionBy", partitions);
    return this;
  }

  @Override
  public StartRollout renameColumn(String old, String now) {
    renamings.put(ArgumentChecks.text("old", old), ArgumentChecks.text("now", now));
    return this;
  }

  @Override
  public StartRollout because(String text) {
    setReason(text);
    return this;
  }

  @Override
  public StartRollout suggestions(String... ids) {
    setSuggestions(ids);
    return this;
  }

  @Override
  public StartRollout retireAfter(LocalDate date) {
    setRetireAfter(date);
    return this;
  }

  @Override
  public StartRollout withoutHistory() {
    withoutHistory = true;
    return this;
  }

  @Override
  public StartRollout excludeRows(String filter) {
    excludedRows = ArgumentChecks.filter("filter", ArgumentChecks.text("filter", filter));
    return this;
  }

  @Override
  StartTerms terms(Contract next, String because) {
    return new StartTerms(
        next,
        Optional.ofNullable(partitioning),
        renamings,
        because,
        chosenRetireAfter(),
        Optional.ofNullable(excludedRows),
        withoutHistory,
        chosenSuggestions());
  }

  @Override
  MajorPlan evaluate(StartTerms terms, boolean withDownstream) {
    return new MajorPlan(
        new StartContext(session, product, terms, action()).evaluateMajor(withDownstream),
        this::commitAsPlanned);
  }

  @Override
  RolloutPlan plan(StartTerms terms) {
    return evaluate(terms, true);
  }

  @Override
  MajorRollout result(RolloutEntry started) {
    return new MajorRolloutView(session, started);
  }

  /** The plan of a new major version. Immutable. */
  static final class MajorPlan extends ContractStartPlan<MajorRollout> implements RolloutPlan {
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
    Stream<Step> creation(String undo) {
      NewMajor next = start().next().orElseThrow();
      return Stream.of(
          new Step(
              "create table",
              next.table().toString(),
              "of format "
                  + next.tableFormat()
                  + ", with "
                  + Count.of(next.schema().columns().size(), "column")
                  + "; and its quarantine",
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
}

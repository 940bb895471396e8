package io.meshwork.internal.rollouts;

import io.meshwork.contract.Contract;
import io.meshwork.contract.Partition;
import io.meshwork.internal.rollout.RolloutEntry;
import io.meshwork.internal.runtime.ArgumentChecks;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.product.ProductName;
import io.meshwork.rollout.MajorRollout;
import io.meshwork.rollout.StartRollout;
import io.meshwork.rollout.StartRollout.RolloutPlan;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Starts the rollout of a new major version. Not thread-safe. */
final class RolloutStart extends StartOperation<RolloutPlan, MajorRollout>
    implements StartRollout {
  private final Map<String, String> renamings = new TreeMap<>();
  private @Nullable List<Partition> partitioning;
  private @Nullable String excludedRows;
  private boolean withoutHistory;

  RolloutStart(ClientSession session, ProductName product) {
    super(session, product);
  }

  @Override
  public StartRollout contract(Contract newContract) {
    contractIs(newContract);
    return this;
  }

  @Override
  public StartRollout partitionedBy(Partition... partitions) {
    partitioning = ArgumentChecks.all("partitionedBy", partitions);
    return this;
  }

  @Override
  public StartRollout renaming(String old, String now) {
    renamings.put(ArgumentChecks.text("old", old), ArgumentChecks.text("now", now));
    return this;
  }

  @Override
  public StartRollout because(String text) {
    reasonIs(text);
    return this;
  }

  @Override
  public StartRollout suggestions(String... ids) {
    suggestionsAre(ids);
    return this;
  }

  @Override
  public StartRollout retireAfter(LocalDate date) {
    lastDayIs(date);
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
        lastDay(),
        Optional.ofNullable(excludedRows),
        withoutHistory,
        delivered());
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
}

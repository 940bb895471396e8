package io.meshwork.local;

import io.meshwork.error.Finding;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.local.LocalMesh.MoveMesh;
import io.meshwork.operation.Plan;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The steps of a move. Immutable. */
record MovePlan(
    List<Step> steps, List<Finding> findings, Function<String, MoveMesh.Result> committing)
    implements Plan<MoveMesh.Result> {
  /** Copies the lists. */
  MovePlan {
    steps = List.copyOf(steps);
    findings = List.copyOf(findings);
  }

  @Override
  public boolean isAllowed() {
    return Finding.errors(findings).isEmpty();
  }

  @Override
  public String fingerprint() {
    return RegistryKeys.sha256(toString());
  }

  @Override
  public MoveMesh.Result commit() {
    return committing.apply(fingerprint());
  }

  @Override
  public String toString() {
    return steps.stream().map(Step::toString).collect(Collectors.joining("\n"));
  }
}

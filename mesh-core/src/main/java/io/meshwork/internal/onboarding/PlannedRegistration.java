package io.meshwork.internal.onboarding;

import io.meshwork.contract.Contract;
import io.meshwork.contract.QualityReport;
import io.meshwork.error.Finding;
import io.meshwork.internal.ledger.ChangePlan;
import io.meshwork.publish.Onboard;
import io.meshwork.publish.PublishReceipt;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

/** The plan of one registration. Immutable. */
record PlannedRegistration(
    String headline,
    SortedMap<String, Long> files,
    Contract contract,
    QualityReport quality,
    List<Step> steps,
    List<Finding> findings,
    boolean isAccepted,
    Function<String, PublishReceipt> committing)
    implements Onboard.OnboardPlan, ChangePlan<PublishReceipt> {
  public PlannedRegistration {
    files = Collections.unmodifiableSortedMap(new TreeMap<>(files));
    steps = List.copyOf(steps);
    findings = List.copyOf(findings);
  }

  @Override
  public boolean isAllowed() {
    return isAccepted;
  }

  /** None: they are about rows, which a commit reads again. */
  @Override
  public List<Finding> decisive() {
    return List.of();
  }

  @Override
  public String basis() {
    return contract.fingerprint() + "\n" + isAccepted + "\n" + files;
  }

  @Override
  public String toString() {
    return text();
  }
}

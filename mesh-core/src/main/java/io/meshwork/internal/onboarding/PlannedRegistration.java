package io.meshwork.internal.onboarding;

import io.meshwork.contract.Contract;
import io.meshwork.contract.QualityReport;
import io.meshwork.error.Finding;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.publish.Onboard;
import io.meshwork.publish.PublishReceipt;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The plan of one registration. Immutable. */
public final class PlannedRegistration implements Onboard.OnboardPlan {
  private final List<Onboard.ListedFile> files;
  private final Contract contract;
  private final QualityReport quality;
  private final List<Step> steps;
  private final List<Finding> findings;
  private final boolean accepted;
  private final Function<String, PublishReceipt> commit;

  public PlannedRegistration(
      List<Onboard.ListedFile> files,
      Contract contract,
      QualityReport quality,
      List<Step> steps,
      List<Finding> findings,
      boolean accepted,
      Function<String, PublishReceipt> commit) {
    this.files = List.copyOf(files);
    this.contract = contract;
    this.quality = quality;
    this.steps = List.copyOf(steps);
    this.findings = List.copyOf(findings);
    this.accepted = accepted;
    this.commit = commit;
  }

  @Override
  public List<Onboard.ListedFile> files() {
    return files;
  }

  @Override
  public Contract contract() {
    return contract;
  }

  @Override
  public QualityReport quality() {
    return quality;
  }

  @Override
  public boolean isAccepted() {
    return accepted;
  }

  @Override
  public List<Step> steps() {
    return steps;
  }

  @Override
  public List<Finding> findings() {
    return findings;
  }

  @Override
  public String fingerprint() {
    return RegistryKeys.sha256(
        contract.fingerprint()
            + "\n"
            + accepted
            + "\n"
            + files.stream()
                .map(file -> file.location() + " " + file.bytes())
                .collect(Collectors.joining("\n")));
  }

  @Override
  public PublishReceipt commit() {
    return commit.apply(fingerprint());
  }

  @Override
  public String toString() {
    return steps.stream().map(Step::toString).collect(Collectors.joining("\n"))
        + findings.stream().map(finding -> "\n" + finding).collect(Collectors.joining());
  }
}

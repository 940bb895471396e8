package io.meshwork.internal.mirror;

import io.meshwork.error.ConflictException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.Finding;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshException;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.mirror.Mirror.Image;
import io.meshwork.internal.mirror.Mirror.ServiceObject;
import io.meshwork.maintenance.Mirrors.Report;
import io.meshwork.operation.Plan;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What a run of the mirrors would do. Immutable. */
final class MirrorPlan implements Plan<Report> {
  private final List<Step> steps;
  private final List<Finding> findings;
  private final String fingerprint;
  private final Function<String, Report> commit;

  /**
   * Creates a plan.
   *
   * @param unavailable findings of catalogs that could not be inspected
   * @param commit makes the changes if the plan still has the given fingerprint
   */
  MirrorPlan(
      List<MirrorInspection> inspections,
      List<Finding> unavailable,
      Function<String, Report> commit) {
    List<Finding> all = new ArrayList<>(unavailable);
    inspections.forEach(each -> all.addAll(each.findings()));
    this.steps = inspections.stream().flatMap(MirrorPlan::steps).toList();
    this.findings = all.stream().distinct().toList();
    this.fingerprint = fingerprint(inspections);
    this.commit = commit;
  }

  /**
   * Requires that the mirrors have the expected fingerprint.
   *
   * @throws ConflictException otherwise
   */
  static void requireSame(
      List<MirrorInspection> inspections, String fingerprint, MeshAction action) {
    if (!fingerprint(inspections).equals(fingerprint)) {
      throw Failure.of(action.on("as planned"))
          .because(
              "the mesh or a service changed after the plan was made, so other steps are due now, or"
                  + " no plan has this fingerprint")
          .fix("Make a new plan, review its steps, and commit that plan or its fingerprint.")
          .lastingConflict(ErrorCode.CONFLICT);
    }
  }

  private static Stream<Step> steps(MirrorInspection inspection) {
    MeshException denial = inspection.denial();
    MirrorFindings texts = inspection.texts();
    return inspection.steps().stream()
        .filter(step -> denial == null || step.verdict().callsService())
        .map(
            step ->
                denial == null
                    ? MirrorSteps.of(texts, step)
                    : MirrorSteps.byHand(texts, inspection.mirror(), step, denial));
  }

  private static String fingerprint(List<MirrorInspection> inspections) {
    return RegistryKeys.sha256(
        inspections.stream()
            .flatMap(each -> each.steps().stream().map(step -> text(each, step)))
            .collect(Collectors.joining("\n")));
  }

  private static String text(MirrorInspection inspection, ObjectStep step) {
    return String.join(
        "\t",
        step.verdict().name(),
        inspection.texts().subject(step.key()),
        step.wanted().map(Image::content).orElse(""),
        step.wanted().map(Image::basis).orElse(""),
        step.actual().map(ServiceObject::content).orElse(""),
        step.version());
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
    return fingerprint;
  }

  @Override
  public Report commit() {
    return commit.apply(fingerprint);
  }

  /** Returns the steps, and what stays as it is. */
  @Override
  public String toString() {
    String text =
        Stream.concat(steps.stream().map(Step::toString), findings.stream().map(Finding::toString))
            .collect(Collectors.joining("\n"));
    return text.isEmpty() ? "The mirrors are up to date." : text;
  }
}

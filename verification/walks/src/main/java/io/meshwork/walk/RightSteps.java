package io.meshwork.walk;

import io.meshwork.access.AccessClient.GrantSummary;
import io.meshwork.change.ContractPlan;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.governance.GovernanceClient;
import io.meshwork.product.Classification;
import io.meshwork.product.MajorVersion;
import io.meshwork.product.Principal;
import io.meshwork.rollout.StewardRequest;
import io.meshwork.walk.RolloutModel.Suspension;
import io.meshwork.walk.RolloutModel.Version;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/** Steps that change what may be read. */
final class RightSteps {
  private final RolloutWorld world;
  private final RolloutModel model;
  private final List<String> grants = new ArrayList<>();

  RightSteps(RolloutWorld world) {
    this.world = world;
    this.model = world.model;
  }

  void run(RolloutStep step) {
    List<Version> versions =
        model.all().stream()
            .filter(version -> !version.state.isRetired())
            .filter(version -> version.state != MajorVersion.State.PREPARED || isRaise(step))
            .toList();
    if (versions.isEmpty()) {
      return;
    }
    Version version = step.subject(versions);
    switch (step.kind()) {
      case RAISE -> raise(step, version);
      case LOWER -> lower(step, version);
      case PURPOSES -> purposes(step, version);
      case FOUR_EYES -> fourEyes(step, version);
      case TAG -> tag(step);
      case GRANT -> grant(step);
      case REVOKE -> revoke(step);
      case SUSPEND -> {
        suspend(step, version, step.oneIn(2, 1) && version.isOpen());
        if (step.oneIn(3, 5)) {
          suspendAnother(step, version);
        }
      }
      case APPROVE -> approve(step);
      case RESUME -> resume(step);
      default -> throw new IllegalStateException(step.kind().toString());
    }
  }

  /** True for what a version that is prepared changes in others once it opens. */
  private static boolean isRaise(RolloutStep step) {
    return step.kind() == RolloutStep.Kind.RAISE;
  }

  private void raise(RolloutStep step, Version version) {
    List<ContractPlan> plans = new ArrayList<>();
    String name = version.form.name();
    if (world.call(
        step,
        "@shop.amendContract(P).majorVersion(%d).change(c -> c.classification(Classification.RESTRICTED, \"%s\")).commit()"
            .formatted(version.number, name),
        process -> {
          plans.clear();
          ContractPlan plan =
              process
                  .shop()
                  .amendContract(RolloutWorld.PRODUCT)
                  .majorVersion(version.number)
                  .change(contract -> contract.classification(Classification.RESTRICTED, name))
                  .plan();
          plan.commit();
          plans.add(plan);
        })) {
      if (version.state == MajorVersion.State.PREPARED) {
        version.restrictsName = true;
        return;
      }
      model.nameRestricted = true;
      model.nameOpenIn.clear();
      model.nameOpenIn.addAll(named(plans.get(0), version));
    }
  }

  /**
   * Returns the open versions in which a plan says that something does not hold; it also says in
   * which it holds.
   */
  private SortedSet<Integer> named(ContractPlan plan, Version amended) {
    SortedSet<Integer> named = new TreeSet<>();
    for (Version version : model.published()) {
      if (version != amended
          && plan.findings().stream()
              .filter(finding -> finding.severity() != Finding.Severity.NOTE)
              .filter(finding -> finding.code() != FindingCode.PROTECTION_SHARED)
              .anyMatch(
                  finding ->
                      (finding.what() + finding.fix())
                          .matches("(?s).*\\bversion " + version.number + "\\b.*"))) {
        named.add(version.number);
      }
    }
    return named;
  }

  private void lower(RolloutStep step, Version version) {
    String name = version.form.name();
    if (world.call(
        step,
        "@shop.amendContract(P).majorVersion(%d).change(c -> c.classification(Classification.INTERNAL, \"%s\")).declassify(\"%s\").because(\"x\").commit()"
            .formatted(version.number, name, name),
        process ->
            process
                .shop()
                .amendContract(RolloutWorld.PRODUCT)
                .majorVersion(version.number)
                .change(contract -> contract.classification(Classification.INTERNAL, name))
                .declassify(name)
                .because("x")
                .commit())) {
      model.nameRestricted = false;
    }
  }

  private void purposes(RolloutStep step, Version version) {
    String purpose = step.oneIn(3, 71) ? "marketing" : "audit";
    if (world.call(
        step,
        "@shop.amendContract(P).majorVersion(%d).change(c -> c.purposes(\"%s\")).commit()"
            .formatted(version.number, purpose),
        process ->
            process
                .shop()
                .amendContract(RolloutWorld.PRODUCT)
                .majorVersion(version.number)
                .change(contract -> contract.purposes(purpose))
                .commit())) {
      model.purposes.add(purpose);
      version.purpose = purpose;
    }
  }

  private void fourEyes(RolloutStep step, Version version) {
    if (world.call(
        step,
        "@shop.amendContract(P).majorVersion(%d).change(c -> c.requireFourEyes()).commit()"
            .formatted(version.number),
        process ->
            process
                .shop()
                .amendContract(RolloutWorld.PRODUCT)
                .majorVersion(version.number)
                .change(contract -> contract.requireFourEyes())
                .commit())) {
      model.fourEyes = true;
    }
  }

  private void tag(RolloutStep step) {
    world.call(
        step,
        "@shop.access().tag(P).set(\"team\", \"a\").commit()",
        process -> process.shop().access().tag(RolloutWorld.PRODUCT).set("team", "a").commit());
  }

  private void grant(RolloutStep step) {
    Principal analyst = Principal.of("fin", "analyst");
    world.call(
        step,
        "@shop.grant(P).columns(\"id\").to(Principal.of(\"fin\","
            + " \"analyst\")).because(\"x\").commit()",
        process ->
            process
                .shop()
                .grant(RolloutWorld.PRODUCT)
                .columns("id")
                .to(analyst)
                .because("x")
                .commit()
                .stream()
                .map(GrantSummary::id)
                .forEach(grants::add));
  }

  private void revoke(RolloutStep step) {
    if (grants.isEmpty()) {
      return;
    }
    String id = grants.remove(0);
    world.call(step, "@revokeFirst()", process -> process.shop().revoke(id).because("x").commit());
  }

  /** Suspends another version too; both wait for a steward, who approves all that is pending. */
  private void suspendAnother(RolloutStep step, Version version) {
    for (Version published : model.published()) {
      if (published != version) {
        suspend(step, published, true);
        approve(step);
        return;
      }
    }
  }

  private void suspend(RolloutStep step, Version version, boolean one) {
    List<StewardRequest> requests = new ArrayList<>();
    if (world.call(
        step,
        "@shop.governance().suspendReads(P%s).because(\"wrong\").commit()"
            .formatted(one ? ", " + version.number : ""),
        process -> {
          requests.clear();
          GovernanceClient governance = process.shop().governance();
          var suspend =
              one
                  ? governance.suspendReads(RolloutWorld.PRODUCT, version.number)
                  : governance.suspendReads(RolloutWorld.PRODUCT);
          requests.add(suspend.because("wrong").commit());
        })) {
      SortedSet<Integer> open = new TreeSet<>();
      model.published().forEach(each -> open.add(each.number));
      SortedSet<Integer> named = new TreeSet<>();
      if (one) {
        named.add(version.number);
      }
      model.suspensions.removeIf(old -> !old.approved && (!one || old.named.equals(named)));
      model.suspensions.add(
          new Suspension(!one, named, open, requests.get(0).until().orElseThrow()));
    }
  }

  private void approve(RolloutStep step) {
    if (model.suspensions.isEmpty()) {
      return;
    }
    if (world.call(
        step,
        "@approve()",
        process -> {
          for (StewardRequest request : process.gov().governance().pending(RolloutWorld.PRODUCT)) {
            process.gov().governance().approve(request).commit();
          }
        })) {
      model.suspensions.stream()
          .filter(suspension -> suspension.until.isAfter(world.clock.instant()))
          .forEach(suspension -> suspension.approved = true);
      if (step.oneIn(2, 2)) {
        world.pass(Duration.ofHours(80));
      }
    }
  }

  private void resume(RolloutStep step) {
    if (world.call(
        step,
        "@shop.governance().resumeReads(P).commit()",
        process -> process.shop().governance().resumeReads(RolloutWorld.PRODUCT).commit())) {
      model.suspensions.clear();
    }
  }
}

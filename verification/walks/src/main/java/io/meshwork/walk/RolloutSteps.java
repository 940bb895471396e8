package io.meshwork.walk;

import io.meshwork.product.MajorVersion;
import io.meshwork.product.Principal;
import io.meshwork.walk.RolloutModel.Version;

/** All steps of a walk over rollouts, with the checks after each. */
final class RolloutSteps {
  private final RolloutWorld world;
  private final RowSteps rows;
  private final ReaderSteps readers;
  private final VersionSteps versions;
  private final QuarantineSteps quarantines;
  private final RightSteps rights;
  private final TimeSteps times;
  private final RolloutLaws laws;

  RolloutSteps(RolloutWorld world) {
    this.world = world;
    this.rows = new RowSteps(world);
    this.readers = new ReaderSteps(world);
    this.versions = new VersionSteps(world, rows, readers);
    this.quarantines = new QuarantineSteps(world, rows, versions);
    this.rights = new RightSteps(world);
    this.times = new TimeSteps(world);
    this.laws = new RolloutLaws(world);
  }

  void start() {
    OrderForm form = new OrderForm("region", "name", false, false, 0, false);
    world.line("static Form V1 = " + form.code() + ";");
    ShopProcess process = world.one;
    process.shop().registerDomain("shop").owner("s@example.org").commit();
    process.fin().registerDomain("fin").owner("f@example.org").commit();
    process.gov().registerDomain("gov").owner("g@example.org").commit();
    process.shop().governance().appoint(Principal.of("gov", "lead")).commit();
    process.shop().governance().defineTag("team", "a", "b").commit();
    process
        .shop()
        .defineProduct(RolloutWorld.PRODUCT)
        .contract(form.contract())
        .openToMesh()
        .commit();
    Version version = new Version(1, form);
    version.state = MajorVersion.State.ACTIVE;
    world.model.versions.put(1, version);
  }

  void run(RolloutStep step) {
    world.startStep();
    switch (step.kind()) {
      case PUBLISH,
          PUBLISH_TO_ONE,
          REPLACE,
          ERASE,
          ERASE_NOW,
          ROLL_BACK,
          STAGE,
          PROMOTE,
          REPUBLISH ->
          rows.run(step);
      case CLEAR_QUARANTINE -> quarantines.run(step);
      case ADVANCE, BACK_FILL, RESTORE, ABORT, PURGE, VERIFY, MAKE_CURRENT -> versions.run(step);
      case SUBSCRIBE, POLL, POLL_AGAIN, MOVE, TRY_OUT -> readers.run(step);
      case MAINTAIN, JUMP, CRASH, FAIL_READ, MEANWHILE -> times.run(step);
      default -> rights.run(step);
    }
    versions.verifyApart(step);
    laws.check(step);
  }

  /** All copies are brought up to date, and then get nothing again. */
  void end() {
    readers.drainAll();
    laws.check();
    readers.drainAll();
  }
}

package io.meshwork.walk;

import io.meshwork.testkit.Faults;
import io.meshwork.testkit.Faults.Death;
import io.meshwork.testkit.Faults.Phase;
import io.meshwork.testkit.Faults.Port;
import java.time.Duration;
import java.util.List;

/** Steps that maintain the mesh, let time pass, and make the next call fail or end its process. */
final class TimeSteps {
  private static final List<Duration> JUMPS =
      List.of(
          Duration.ofHours(1),
          Duration.ofHours(30),
          Duration.ofHours(80),
          Duration.ofDays(8),
          Duration.ofDays(16));

  private final RolloutWorld world;

  TimeSteps(RolloutWorld world) {
    this.world = world;
  }

  void run(RolloutStep step) {
    int nth = 1 + step.third() % 3;
    int later = 1 + step.third() % 20;
    switch (step.kind()) {
      case MAINTAIN ->
          world.call(
              step,
              "@mesh.maintain().compactAtLeast(3).commit()",
              process -> process.mesh().maintain().compactAtLeast(3).commit());
      case JUMP -> world.pass(step.subject(JUMPS));
      case CRASH -> {
        Port port = step.oneIn(3, 1) ? Port.FILE_WRITE : Port.REGISTRY_COMMIT;
        Phase phase = step.oneIn(2, 2) ? Phase.BEFORE : Phase.AFTER;
        world.fault(
            new RolloutWorld.Fault(
                true,
                "on(Port.%s).nth(%d).crash(Phase.%s, Death.KILL)".formatted(port, nth, phase),
                (faults, other) -> crash(faults, port, nth, phase)));
      }
      case MEANWHILE -> {
        if (step.oneIn(2, 3)) {
          world.pass(Duration.ofDays(8)); // so that snapshots expire
        }
        world.fault(
            new RolloutWorld.Fault(
                false,
                "onAny().nth(%d).meanwhile(() -> @mesh.maintain().trustClock().commit())"
                    .formatted(later),
                (faults, other) ->
                    faults
                        .onAny()
                        .nth(later)
                        .meanwhile(() -> other.mesh().maintain().trustClock().commit())));
      }
      default ->
          world.fault(
              new RolloutWorld.Fault(
                  true,
                  "on(Port.FILE_READ).nth(%d).failBefore()".formatted(later),
                  (faults, other) -> faults.on(Port.FILE_READ).nth(later).failBefore()));
    }
  }

  private static void crash(Faults faults, Port port, int nth, Phase phase) {
    faults.on(port).nth(nth).crash(phase, Death.KILL);
  }
}

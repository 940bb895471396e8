package io.meshwork.testkit;

/**
 * Simulates the end of a process at a call of a port. It is an error, so that no code handles it as
 * an ordinary failure; see {@link Faults.Death}.
 *
 * <pre>{@code
 * faults.on(Faults.Port.REGISTRY_COMMIT).nth(1).crash(Faults.Phase.AFTER, Faults.Death.KILL);
 * assertThatThrownBy(() -> etl(mesh)).isInstanceOf(SimulatedCrash.class);
 * }</pre>
 */
public final class SimulatedCrash extends Error {
  private static final long serialVersionUID = 1L;

  SimulatedCrash(String where) {
    super("A simulated crash " + where);
  }
}

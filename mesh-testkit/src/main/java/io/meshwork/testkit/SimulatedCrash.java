package io.meshwork.testkit;

/**
 * A process ended here, as far as the ports can tell. An error and no exception, so that nothing
 * takes it for a failure that can be handled; see {@link Faults.Death}.
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

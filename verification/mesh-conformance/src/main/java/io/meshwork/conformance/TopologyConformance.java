package io.meshwork.conformance;

import io.meshwork.testkit.TestBackend;
import io.meshwork.topology.Topology;
import org.junit.jupiter.api.Nested;

/**
 * Meshes with several catalogs, on any backend that supports them: one program runs in each
 * topology, and where a catalog is unavailable, everything that does not need it continues. Extend
 * it, return the backend, and run it with JUnit:
 *
 * <pre>{@code
 * class MyTopologiesTest extends TopologyConformance {
 *   @Override
 *   protected TestBackend backend() {
 *     return folder -> Mesh.builder(registry("mesh"), files(), ROOT).catalogs(this::registry);
 *   }
 * }
 * }</pre>
 */
public abstract class TopologyConformance {
  /** Returns the backend, whose meshes have registries for all catalogs. */
  protected abstract TestBackend backend();

  /**
   * Returns whether a process maintains all domains: not on a backend that authenticates
   * principals, where it maintains the domain of its account. Default: true.
   */
  protected boolean maintainsAllDomains() {
    return true;
  }

  /**
   * Returns whether denials of accounts that act for no domain are audited: not by a backend that
   * authenticates principals, because no role may write for these accounts. Default: true.
   */
  protected boolean auditsUnassignedAccounts() {
    return true;
  }

  /**
   * Returns whether the store lets each role write for its own domain only. Then governance admits
   * a domain to another catalog before its first write there, and an owner cannot end the
   * subscriptions of other domains. Default: false.
   */
  protected boolean confinesRolesToDomains() {
    return false;
  }

  /**
   * Returns whether the backend has registries for all catalogs of a topology. Tests of others are
   * aborted. Default: true.
   *
   * @param topology one of {@link VirtualWorld#shapes}
   */
  protected boolean supports(Topology topology) {
    return true;
  }

  @Nested
  class Programs extends TopologyProgramSuite {}

  @Nested
  class Outages extends CatalogOutagesSuite {}

  @Nested
  class Rights extends CatalogRightsSuite {}

  @Nested
  class Guests extends CatalogGuestsSuite {}

  @Nested
  class Links extends CatalogLinksSuite {}
}

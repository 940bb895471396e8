package io.meshwork.aws.suite;

import io.meshwork.Mesh;
import io.meshwork.aws.IamOrganization;
import io.meshwork.conformance.TopologyConformance;
import io.meshwork.testkit.TestBackend;
import io.meshwork.topology.Topology;
import java.lang.reflect.Proxy;

/**
 * Meshes over five accounts: governance has the directory, the account of a domain the table of its
 * catalog, and every client acts as a role of its account, with a registry role in other accounts.
 * The roles have exactly the policies of their kinds.
 */
class AwsTopologiesTest extends TopologyConformance {
  @Override
  protected TestBackend backend() {
    return folder -> whenShaped();
  }

  @Override
  protected boolean auditsUnassignedAccounts() {
    return false;
  }

  @Override
  protected boolean confinesRolesToDomains() {
    return true;
  }

  @Override
  protected boolean maintainsAllDomains() {
    return false;
  }

  /** Returns a builder whose mesh is made when the suite sets the topology, as it does first. */
  private static Mesh.Builder whenShaped() {
    return (Mesh.Builder)
        Proxy.newProxyInstance(
            AwsTopologiesTest.class.getClassLoader(),
            new Class<?>[] {Mesh.Builder.class},
            (proxy, method, arguments) -> {
              if (arguments != null
                  && arguments.length == 1
                  && arguments[0] instanceof Topology topology) {
                return IamOrganization.make(topology);
              }
              throw new IllegalStateException("The first setting is not the topology: " + method);
            });
  }
}

package io.meshwork.cli;

import io.meshwork.Mesh;
import io.meshwork.error.Finding;
import io.meshwork.local.LocalMesh;
import io.meshwork.notice.Notifier;
import io.meshwork.operation.Operation;
import io.meshwork.operation.Plan;
import io.meshwork.operation.PlannedOperation;
import io.meshwork.product.Principal;
import io.meshwork.topology.Topology;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * Opens meshes whose address begins with one scheme, such as {@code file:}. The command finds them
 * with {@code ServiceLoader}: a jar on the class path names its own in {@code META-INF/services}.
 * Implementations have a public constructor without parameters. Used by one thread.
 */
public interface MeshOpener {
  /** Returns the scheme, without the colon, such as {@code file}. */
  String scheme();

  /** Returns the form of an address, for messages, such as {@code file:PATH}. */
  String form();

  /**
   * Returns the address as stored for later commands: with an absolute path, for example.
   *
   * @param location what follows the colon
   */
  default String absolute(String location) {
    return location;
  }

  /**
   * Creates a mesh; one that exists already stays unchanged.
   *
   * @param location what follows the colon
   * @param topology its catalogs; empty for one, or for the mesh's catalogs if it exists
   * @throws io.meshwork.error.InvalidRequestException if it exists with another topology
   */
  Mesh create(String location, Optional<Topology> topology);

  /**
   * Opens a mesh that exists.
   *
   * @param location what follows the colon
   */
  default Mesh open(String location) {
    return open(location, settings -> settings);
  }

  /**
   * Opens a mesh that exists with further settings, such as a notifier.
   *
   * @param location what follows the colon
   * @param settings changes how the mesh is opened
   */
  Mesh open(String location, UnaryOperator<Mesh.Builder> settings);

  /**
   * Returns whether the store knows who the process is. If true, the principal of {@code --as} is
   * compared with it, and may be left out.
   */
  boolean authenticates();

  /**
   * Copies a mesh to a folder that is empty or new.
   *
   * @param location what follows the colon
   */
  LocalMesh.Copy backUp(String location, Path target);

  /**
   * The same as {@link #backUp(String, Path)}, with its progress. By default, it reports none.
   *
   * @param location what follows the colon
   */
  default LocalMesh.Copy backUp(String location, Path target, Operation.Progress progress) {
    return backUp(location, target);
  }

  /**
   * Opens meshes in a cloud, whose accounts are set up and whose store keeps versions of files.
   * Used by one thread.
   */
  interface Cloud extends MeshOpener {
    /**
     * Returns the move of the mesh in a folder to an address of this scheme.
     *
     * @param folder of the mesh that moves
     * @param location what follows the colon in the new address
     */
    LocalMesh.MoveMesh moveFrom(Path folder, String location);

    /**
     * Restores deleted files from their versions, and returns their number.
     *
     * @param location what follows the colon
     */
    long restoreFiles(String location);

    /**
     * Adds a catalog to a mesh of several, or completes its addition.
     *
     * @param location what follows the colon
     * @param catalog a line of business, or a domain of a federated mesh
     * @param account the account that has the table of the catalog
     */
    void addCatalog(String location, String catalog, String account);

    /**
     * What an account of a mesh is for.
     *
     * @param account the account
     * @param domain the domain of the kinds that name none
     * @param owner who answers for the products of the domain, if it is registered with the account
     * @param catalogs the accounts of the tables of the catalogs that its roles use, by catalog,
     *     its domain's catalog first; empty in a mesh of one catalog
     * @param roles the kinds of its roles, such as {@code producer} or {@code producer:commerce}
     * @param trusted who may assume a role; by default, its account
     * @param deployers who may create the stacks; by default, the account of the mesh
     * @param senders the accounts that send it notices by EventBridge; empty if there is no bus
     * @param addresses the email addresses that are notified about late products and rollouts
     * @param sources what roles read outside the mesh
     * @param exports what roles export: the ARN of a table, a comma, and a folder
     * @param tableReaders the roles of other accounts that read a table, such as {@code
     *     444444444444/analyst}, by the product with its major version, such as {@code
     *     commerce/orders@1}
     */
    record AccountRequest(
        String account,
        Optional<String> domain,
        Optional<String> owner,
        Map<String, String> catalogs,
        Map<String, List<String>> roles,
        Map<String, List<String>> trusted,
        List<String> deployers,
        Optional<List<String>> senders,
        List<String> addresses,
        Map<String, List<String>> sources,
        Map<String, List<String>> exports,
        Map<String, List<String>> tableReaders) {
      public AccountRequest {
        catalogs = new LinkedHashMap<>(catalogs);
        roles = copy(roles);
        trusted = copy(trusted);
        deployers = List.copyOf(deployers);
        senders = senders.map(List::copyOf);
        addresses = List.copyOf(addresses);
        sources = copy(sources);
        exports = copy(exports);
        tableReaders = copy(tableReaders);
      }
    }

    /**
     * What the organization of the accounts of a mesh gets.
     *
     * @param management the management account
     * @param parent the root or the unit in which units are created
     * @param administrators who may change what the service control policy protects
     * @param identityCenter the ARN of the instance of IAM Identity Center; empty if there are no
     *     groups
     * @param readers the accounts in which a group reads open data and what Lake Formation permits,
     *     by the ID of the group
     * @param openReaders the accounts in which a group reads open data alone, by the ID of the
     *     group
     * @param trailBucket a bucket that exists, for a trail of all accounts; empty for no trail
     */
    record OrganizationRequest(
        String management,
        String parent,
        List<String> administrators,
        Optional<String> identityCenter,
        Map<String, List<String>> readers,
        Map<String, List<String>> openReaders,
        Optional<String> trailBucket) {
      public OrganizationRequest {
        administrators = List.copyOf(administrators);
        readers = copy(readers);
        openReaders = copy(openReaders);
      }
    }

    private static Map<String, List<String>> copy(Map<String, List<String>> lists) {
      return lists.entrySet().stream()
          .collect(
              Collectors.toUnmodifiableMap(
                  Map.Entry::getKey, entry -> List.copyOf(entry.getValue())));
    }

    /**
     * What sets up an account of a mesh.
     *
     * @param files contents by the names of their files, in the order of their use
     * @param steps what to do with them, in this order
     */
    record AccountFiles(Map<String, String> files, List<String> steps) {
      public AccountFiles {
        files = new LinkedHashMap<>(files);
        steps = List.copyOf(steps);
      }
    }

    /**
     * Returns what sets up an account of a mesh, which need not exist.
     *
     * @param location what follows the colon
     * @param form {@code cloudformation}, {@code terraform}, or {@code policies}
     */
    AccountFiles accountFiles(String location, String form, AccountRequest request);

    /**
     * Returns what sets up the organization of the accounts of a mesh, which need not exist.
     *
     * @param location what follows the colon
     */
    AccountFiles organizationFiles(String location, OrganizationRequest request);

    /**
     * Sets up an account. Close it after use.
     *
     * @param <R> what a run returns
     */
    interface AccountOnboarding<R> extends AutoCloseable {
      /** Returns the operation. */
      PlannedOperation<Plan<R>, R> operation();

      /** Returns what a run did. */
      AccountReport report(R result);

      /** Assumes each role of the account that this process may assume, and uses it. */
      AccountProof verify();

      @Override
      void close();
    }

    /**
     * What a run did to an account.
     *
     * @param done what it did
     * @param byHand what an administrator has to do
     * @param remaining what else is left
     */
    record AccountReport(List<Plan.Step> done, List<Plan.Step> byHand, List<Finding> remaining) {
      public AccountReport {
        done = List.copyOf(done);
        byHand = List.copyOf(byHand);
        remaining = List.copyOf(remaining);
      }
    }

    /**
     * Which roles of an account work.
     *
     * @param proven the roles that were assumed and used
     * @param findings why other roles were not
     */
    record AccountProof(List<Principal> proven, List<Finding> findings) {
      public AccountProof {
        proven = List.copyOf(proven);
        findings = List.copyOf(findings);
      }
    }

    /**
     * Returns the operation that sets up an account of a mesh, which need not exist.
     *
     * @param location what follows the colon
     * @param folder where templates are written that somebody else has to deploy
     */
    AccountOnboarding<?> onboarding(String location, AccountRequest request, Path folder);

    /**
     * Returns the notifier that sends to the event buses of the accounts of a mesh.
     *
     * @param location what follows the colon
     */
    Notifier eventBridge(String location);
  }
}

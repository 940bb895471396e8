package io.meshwork.internal.conformance.mirror;

import io.meshwork.PrincipalCredentials;
import io.meshwork.internal.testkit.ForwardingRegistry;
import io.meshwork.product.Principal;
import io.meshwork.registry.Registry;
import io.meshwork.testkit.InMemoryMesh;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.FileInfo;
import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.io.OutputFile;
import org.apache.iceberg.io.SupportsPrefixOperations;

/**
 * A registry and files in memory that several processes share. Each process has the permissions of
 * its account, which has the name of a domain, or {@link #GOVERNANCE}: it writes the partitions of
 * that domain, and accesses only the files of that domain; governance also writes the quality of
 * all. Thread-safe.
 */
public final class GuardedStore {
  /** The account that governs the mesh. */
  public static final String GOVERNANCE = "governance";

  public static final String ROOT = "memory:/mesh";

  private final Registry registry = InMemoryMesh.registry();
  private final FileIO files = InMemoryMesh.files();
  private final List<String> violations = new CopyOnWriteArrayList<>();

  /** Returns a registry without permissions, for a mesh that may be closed. */
  public Registry registry() {
    return new GuardedRegistry("");
  }

  /** Returns files without permissions. */
  public FileIO files() {
    return new GuardedFiles("");
  }

  /** Returns what processes tried without permission. */
  public List<String> violations() {
    return violations;
  }

  /** Returns the credentials of a process that may act as any principal. */
  public PrincipalCredentials credentials(Principal self) {
    return new PrincipalCredentials() {
      @Override
      public Principal self() {
        return self;
      }

      @Override
      public boolean isGovernance() {
        return self.account().equals(GOVERNANCE);
      }

      @Override
      public Ports as(Principal principal) {
        return ports(principal.account());
      }

      @Override
      public void close() {}
    };
  }

  /** Returns the ports of an account. */
  public PrincipalCredentials.Ports ports(String account) {
    return new PrincipalCredentials.Ports(
        new GuardedRegistry(account),
        new GuardedFiles(account),
        catalog -> InMemoryMesh.registry());
  }

  private static String domain(String account) {
    return account.equals(GOVERNANCE) ? "_mesh" : account;
  }

  private void require(boolean permitted, String account, String access) {
    if (!account.isEmpty() && !permitted) {
      violations.add(account + " " + access);
      throw new IllegalStateException(account + " has no permission: " + access);
    }
  }

  private final class GuardedRegistry extends ForwardingRegistry {
    private final String account;

    GuardedRegistry(String account) {
      super(registry);
      this.account = account;
    }

    @Override
    public Outcome commit(Transaction transaction) {
      for (Transaction.Action action : transaction.actions()) {
        require(
            action.kind() == Transaction.Kind.CHECK
                || action.key().writingDomain().equals(domain(account)),
            account,
            "writes " + action.key());
      }
      return super.commit(transaction);
    }

    /** Other meshes use the registry after one is closed. */
    @Override
    public void close() {}
  }

  private final class GuardedFiles implements SupportsPrefixOperations {
    private static final long serialVersionUID = 1L;

    private final String account;

    GuardedFiles(String account) {
      this.account = account;
    }

    private String permitted(String access, String location) {
      String domain = domain(account);
      require(
          location.startsWith(ROOT + "/data/" + domain + "/")
              || location.startsWith(ROOT + "/archive/" + domain + "/")
              || (account.equals(GOVERNANCE) && location.startsWith(ROOT + "/quality/")),
          account,
          access + " " + location);
      return location;
    }

    @Override
    public InputFile newInputFile(String location) {
      return files.newInputFile(permitted("reads", location));
    }

    @Override
    public OutputFile newOutputFile(String location) {
      return files.newOutputFile(permitted("writes", location));
    }

    @Override
    public void deleteFile(String location) {
      files.deleteFile(permitted("deletes", location));
    }

    @Override
    public Iterable<FileInfo> listPrefix(String prefix) {
      return ((SupportsPrefixOperations) files).listPrefix(permitted("lists", prefix));
    }

    @Override
    public void deletePrefix(String prefix) {
      ((SupportsPrefixOperations) files).deletePrefix(permitted("deletes", prefix));
    }
  }
}

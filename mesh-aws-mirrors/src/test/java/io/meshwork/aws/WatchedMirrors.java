package io.meshwork.aws;

import io.meshwork.Mesh;
import io.meshwork.PrincipalCredentials;
import io.meshwork.aws.internal.mirror.AwsMirrors;
import io.meshwork.aws.internal.mirror.glue.MirrorClients;
import io.meshwork.aws.internal.mirror.glue.MirrorClients.ReaderClients;
import io.meshwork.aws.internal.mirror.glue.SessionClients;
import io.meshwork.internal.mirror.ChangeQueue;
import io.meshwork.internal.mirror.Mirror;
import io.meshwork.internal.mirror.MirrorBackend;
import io.meshwork.internal.mirror.MirroredCatalog;
import io.meshwork.internal.rights.RightsMirror;
import io.meshwork.internal.runtime.MeshRuntime;
import io.meshwork.meter.Meters;
import io.meshwork.product.Principal;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.services.glue.GlueClient;
import software.amazon.awssdk.services.lakeformation.LakeFormationClient;
import software.amazon.awssdk.services.ram.RamClient;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * The mirrors of a mesh on the emulator, with what happens just before the calls of their clients.
 * Calls are named as in {@code ram:AcceptResourceShareInvitation}.
 */
final class WatchedMirrors implements MirrorClients {
  private final AwsConfig config;
  private final SessionClients mirrored;

  /** Runs before each call of a client. */
  Consumer<String> before = call -> {};

  /** The readers whose clients are open. */
  final AtomicInteger openReaders = new AtomicInteger();

  private WatchedMirrors(AwsConfig config, AwsRoleCredentials real) {
    this.config = config;
    mirrored = new SessionClients(real);
  }

  /** Opens a mesh whose mirrors are watched from then on. */
  static Mesh open(LakeFormationAccounts accounts, Consumer<WatchedMirrors> watch) {
    AwsConfig config = accounts.config;
    return Mesh.builder(
            (clock, meters) -> {
              AwsRoleCredentials real =
                  AwsRoleCredentials.of(
                      config,
                      AwsLocal.role(accounts.catalog, "operator"),
                      new ControlPlane(MeshRuntime.systemClock(), Meters.none()),
                      AwsLocal.QUICK);
              WatchedMirrors watched = new WatchedMirrors(config, real);
              watch.accept(watched);
              return new WatchedCredentials(real, watched);
            },
            config.root())
        .clock(accounts.clock)
        .open();
  }

  /** The credentials of a mesh with watched mirrors. */
  private record WatchedCredentials(AwsRoleCredentials real, WatchedMirrors watched)
      implements PrincipalCredentials, MirrorBackend {
    @Override
    public Principal self() {
      return real.self();
    }

    @Override
    public boolean isGovernance() {
      return real.isGovernance();
    }

    @Override
    public boolean isAccount(String name) {
      return real.isAccount(name);
    }

    @Override
    public Ports as(Principal principal) {
      return real.as(principal);
    }

    @Override
    public String account(String catalog) {
      return real.account(catalog);
    }

    @Override
    public List<Mirror> mirrors(MirroredCatalog catalog) {
      AwsConfig config = watched.config;
      return AwsMirrors.of(
          catalog,
          config.mirrors(),
          config.contractMirrors(),
          config.openData(),
          watched,
          () -> Set.of(catalog.account()));
    }

    @Override
    public ChangeQueue changes() {
      return real.changes();
    }

    @Override
    public Optional<RightsMirror> rights() {
      return real.rights();
    }

    @Override
    public void close() {
      real.close();
    }
  }

  @Override
  public S3Client s3(Principal principal) {
    return watched(S3Client.class, mirrored.s3(principal), "s3");
  }

  private <C> C watched(Class<C> type, C client, String service) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) -> {
              String name = method.getName();
              String call =
                  service + ":" + name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1);
              before.accept(call);
              try {
                return method.invoke(client, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            }));
  }

  @Override
  public GlueClient glue(Principal principal) {
    return watched(GlueClient.class, mirrored.glue(principal), "glue");
  }

  @Override
  public LakeFormationClient lakeFormation(Principal principal) {
    return watched(LakeFormationClient.class, mirrored.lakeFormation(principal), "lakeformation");
  }

  @Override
  public RamClient ram(Principal principal) {
    return watched(RamClient.class, mirrored.ram(principal), "ram");
  }

  @Override
  public ReaderClients reader(Principal principal) {
    before.accept("reader:" + principal.role());
    ReaderClients reader = mirrored.reader(principal);
    openReaders.incrementAndGet();
    return new ReaderClients() {
      @Override
      public GlueClient glue() {
        return watched(GlueClient.class, reader.glue(), "glue");
      }

      @Override
      public LakeFormationClient lakeFormation() {
        return watched(LakeFormationClient.class, reader.lakeFormation(), "lakeformation");
      }

      @Override
      public S3Client s3(AwsCredentialsProvider vended) {
        return watched(S3Client.class, reader.s3(vended), "s3");
      }

      @Override
      public void close() {
        openReaders.decrementAndGet();
        reader.close();
      }
    };
  }
}

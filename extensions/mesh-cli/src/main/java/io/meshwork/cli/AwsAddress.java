package io.meshwork.cli;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.aws.AwsConfig;
import io.meshwork.aws.AwsMesh;
import io.meshwork.cli.MeshOpener.Cloud.AccountFiles;
import io.meshwork.cli.MeshOpener.Cloud.AccountOnboarding;
import io.meshwork.cli.MeshOpener.Cloud.AccountRequest;
import io.meshwork.cli.MeshOpener.Cloud.OrganizationRequest;
import io.meshwork.cli.internal.shell.UsageException;
import io.meshwork.local.LocalMesh;
import io.meshwork.local.LocalMesh.MoveMesh;
import io.meshwork.notice.Notifier;
import io.meshwork.product.Principal;
import io.meshwork.topology.Topology;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A mesh on AWS. The process acts as the role of its credentials, which the AWS SDK finds in system
 * properties, environment, profile, container, or instance.
 */
final class AwsAddress extends MeshAddress {
  private static final int WORKERS = 8;

  static final String PREFIX = "aws:";

  private final AwsConfig config;

  private AwsAddress(AwsConfig config) {
    this.config = config;
  }

  /**
   * Returns the mesh of an address.
   *
   * @throws io.meshwork.error.InvalidRequestException if it has another form
   */
  static AwsAddress parse(String text) {
    return new AwsAddress(AwsConfig.of(text));
  }

  /** Creates the mesh's table and bucket; what exists stays unchanged. */
  void make(Optional<Topology> topology) {
    topology.ifPresentOrElse(
        catalogs -> AwsMesh.make(config, catalogs), () -> AwsMesh.make(config));
  }

  void addCatalog(String catalog, String account) {
    AwsMesh.addCatalog(config, catalog, account);
  }

  @Override
  Mesh openOrCreate() {
    return open();
  }

  @Override
  Mesh open() {
    return open(UnaryOperator.identity());
  }

  /** Opens the mesh with further settings. */
  Mesh open(UnaryOperator<Mesh.Builder> settings) {
    return settings.apply(AwsMesh.builder(config).executor(workers())).open();
  }

  /** Requests of S3 wait for their replies: several run at once. Idle threads end. */
  private static Executor workers() {
    ThreadPoolExecutor workers =
        new ThreadPoolExecutor(
            WORKERS, WORKERS, 1, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), AwsAddress::worker);
    workers.allowCoreThreadTimeOut(true);
    return workers;
  }

  private static Thread worker(Runnable work) {
    Thread thread = new Thread(work, "mesh-worker");
    thread.setDaemon(true);
    return thread;
  }

  @Override
  MeshClient client(Mesh mesh, String domain, @Nullable Principal actingAs) {
    return actingAs == null ? mesh.client() : mesh.clientAs(actingAs);
  }

  @Override
  void register(MeshClient client, String domain) {
    client
        .registerDomain(domain)
        .accounts(client.principal().account())
        .owner(domain + " team")
        .commit();
  }

  @Override
  LocalMesh.Copy backUp(Path target) {
    return AwsMesh.backUp(config, target);
  }

  @Override
  long restoreFiles() {
    return AwsMesh.restoreFiles(config);
  }

  @Override
  MoveMesh moveTo(MeshAddress other) {
    throw new UsageException(
        "'move' takes a folder; back up a mesh on AWS to a folder, and move that folder.");
  }

  AccountFiles accountFiles(String form, AccountRequest request) {
    return new AwsAccountFiles(config, request).of(form);
  }

  AccountOnboarding<?> onboarding(AccountRequest request, Path folder) {
    return AwsOnboarding.of(config, request, folder);
  }

  AccountFiles organizationFiles(OrganizationRequest request) {
    return new AwsOrganizationFiles(config, request).of();
  }

  Notifier eventBridge() {
    return AwsMesh.notifier(config);
  }

  MoveMesh moveFrom(Path folder) {
    return AwsMesh.move(folder, config);
  }
}

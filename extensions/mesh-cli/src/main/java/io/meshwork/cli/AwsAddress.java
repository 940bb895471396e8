package io.meshwork.cli;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.aws.AwsConfig;
import io.meshwork.aws.AwsMesh;
import io.meshwork.cli.MeshOpener.AccountFiles;
import io.meshwork.cli.MeshOpener.AccountRequest;
import io.meshwork.cli.internal.shell.UsageException;
import io.meshwork.local.LocalMesh;
import io.meshwork.local.LocalMesh.MoveMesh;
import io.meshwork.product.Principal;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A mesh on AWS. The process acts as the role of its credentials, which the AWS SDK finds in system
 * properties, environment, profile, container, or instance.
 */
final class AwsAddress extends MeshAddress {
  private static final int WORKERS = 8;

  static final String PREFIX = "aws:";

  private static final Pattern FORM =
      Pattern.compile(PREFIX + "([^/?]+)/([^/?]+)/([^/?]+)(?:\\?(.+))?");

  private final AwsConfig config;

  private AwsAddress(AwsConfig config) {
    this.config = config;
  }

  /**
   * Parses {@code aws:REGION/ACCOUNT/NAME}, and options after {@code ?}, separated by {@code &}:
   * {@code endpoint=URI} for an emulator, and the settings of the mesh that {@code AwsConfig} has
   * in programs: {@code lakeFormation}, {@code lakeFormation=ORGANIZATION}, {@code schemaRegistry},
   * {@code dataQuality}, {@code openData=ORGANIZATION,DOMAIN,DOMAIN}, {@code encryptedBy=KEY}, and
   * {@code externalId=ID}.
   *
   * @throws UsageException if it has another form
   */
  static AwsAddress parse(String text) {
    Matcher parts = FORM.matcher(text);
    if (!parts.matches()) {
      throw new UsageException(
          "A mesh on AWS is aws:REGION/ACCOUNT/NAME, such as aws:eu-central-1/111111111111/sales.");
    }
    AwsConfig config = AwsConfig.inRegion(parts.group(1)).mesh(parts.group(2), parts.group(3));
    String options = parts.group(4);
    for (String option : options == null ? List.<String>of() : List.of(options.split("&"))) {
      int equals = option.indexOf('=');
      config =
          equals < 0
              ? setting(config, option)
              : setting(config, option.substring(0, equals), option.substring(equals + 1));
    }
    return new AwsAddress(config);
  }

  private static AwsConfig setting(AwsConfig config, String name) {
    return switch (name) {
      case "lakeFormation" -> config.lakeFormation();
      case "schemaRegistry" -> config.schemaRegistry();
      case "dataQuality" -> config.dataQuality();
      default -> throw unknown(name);
    };
  }

  private static AwsConfig setting(AwsConfig config, String name, String value) {
    return switch (name) {
      case "endpoint" -> config.endpoint(endpoint(value));
      case "lakeFormation" -> config.lakeFormation(value);
      case "encryptedBy" -> config.encryptionKey(value);
      case "externalId" -> config.externalId(value);
      case "openData" -> {
        List<String> parts = List.of(value.split(","));
        yield config.openData(parts.get(0), parts.subList(1, parts.size()).toArray(String[]::new));
      }
      default -> throw unknown(name);
    };
  }

  private static URI endpoint(String value) {
    try {
      return new URI(value);
    } catch (URISyntaxException e) {
      throw new UsageException("The endpoint is not a URI.");
    }
  }

  private static UsageException unknown(String name) {
    return new UsageException(
        "A mesh on AWS has no option '"
            + name
            + "'. Options are endpoint=URI, lakeFormation, lakeFormation=ORGANIZATION,"
            + " schemaRegistry, dataQuality, openData=ORGANIZATION,DOMAIN, encryptedBy=KEY, and"
            + " externalId=ID, separated by &.");
  }

  /** Creates the mesh's table and bucket; what exists stays as it is. */
  void make() {
    AwsMesh.make(config);
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

  AccountFiles accountFiles(AccountRequest request) {
    return new AwsAccountFiles(config, request).of();
  }

  MoveMesh moveFrom(Path folder) {
    return AwsMesh.move(folder, config);
  }
}

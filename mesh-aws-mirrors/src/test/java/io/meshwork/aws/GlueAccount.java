package io.meshwork.aws;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.aws.internal.mirror.glue.SessionClients;
import io.meshwork.contract.Contract;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.internal.conformance.fixture.Note;
import io.meshwork.internal.conformance.fixture.SensorReading;
import io.meshwork.maintenance.Mirrors;
import io.meshwork.rollout.MajorRollout;
import io.meshwork.testkit.aws.AwsEmulator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import software.amazon.awssdk.services.glue.GlueClient;
import software.amazon.awssdk.services.glue.model.Database;
import software.amazon.awssdk.services.glue.model.DatabaseInput;
import software.amazon.awssdk.services.glue.model.EntityNotFoundException;
import software.amazon.awssdk.services.glue.model.Table;
import software.amazon.awssdk.services.glue.model.TableInput;

/**
 * A mesh in an account that no other test uses, with the product {@code plant/readings}, and a
 * client of Glue that acts as the role that makes its objects.
 */
public final class GlueAccount implements AutoCloseable {
  /** The accounts of a test ascend, so that what depends on their order repeats. */
  private static final AtomicLong NEXT_ACCOUNT =
      new AtomicLong(ThreadLocalRandom.current().nextLong(90_000_000_000L));

  public static final String READINGS = "plant/readings";
  public static final String DATABASE = "plant";
  public static final String TABLE = "readings_v1";

  /** The contract of the readings. */
  public static final Contract FIRST = Contract.of(SensorReading.class);

  /** The contract with one more column. */
  public static final Contract WITH_NOTE = FIRST.addColumns(Contract.of(Note.class));

  record KelvinReading(long id, double kelvin) {}

  /** A contract that is incompatible. */
  public static final Contract KELVIN = Contract.of(KelvinReading.class);

  public final AwsEmulator aws;
  public final String account;
  public final AwsConfig config;
  public final Mesh mesh;
  public final MeshClient etl;
  public final GlueClient glue;
  private final AwsClients clients;
  private long next;

  private GlueAccount(AwsEmulator aws, String account, UnaryOperator<AwsConfig> services) {
    this.aws = aws;
    this.account = account;
    this.config =
        services.apply(
            AwsConfig.inRegion(aws.region())
                .endpoint(aws.endpoint())
                .mesh(account, "glue" + account.substring(6)));
    AwsMesh.make(config, AwsLocal.role(account, "admin"));
    this.mesh = AwsLocal.quick(config, account, "plant-etl").open();
    this.etl = mesh.client();
    this.clients = new AwsClients(config);
    this.glue = clients.open(SessionClients.GLUE, account, AwsLocal.role(account, "mesh-mirror"));
  }

  /** Makes a mesh with a published product. */
  public static GlueAccount make(AwsEmulator aws) {
    return make(aws, config -> config);
  }

  /**
   * Makes a mesh with a published product.
   *
   * @param services adds services that show the mesh
   */
  public static GlueAccount make(AwsEmulator aws, UnaryOperator<AwsConfig> services) {
    GlueAccount made = new GlueAccount(aws, newAccount(), services);
    made.etl
        .registerDomain(DATABASE)
        .description("What the plant measures")
        .owner("plant@example.org")
        .accounts(made.account)
        .commit();
    made.etl
        .defineProduct(READINGS)
        .description("Degrees of the sensors")
        .contract(FIRST.describeColumn("degrees", "In °C,\nat noon"))
        .commit();
    made.publish();
    aws.reset();
    return made;
  }

  /** Returns the ID of an account that no other test uses. */
  public static String newAccount() {
    return String.format(Locale.ROOT, "7%011d", NEXT_ACCOUNT.getAndIncrement());
  }

  public void publish() {
    etl.publish(READINGS).records(List.of(new SensorReading(next++, 20))).commit();
  }

  /** Replaces the first major version by one with another contract. */
  public void retireFor(Contract next) {
    MajorRollout rollout =
        etl.startRollout(READINGS)
            .contract(next)
            .because("Kelvin")
            .withoutHistory()
            .commit()
            .activate()
            .commit();
    rollout.announce().commit();
    rollout.close().commit();
    rollout.retire().commit();
  }

  public Mirrors.Report mirror() {
    return mesh.mirrors().commit();
  }

  public Mirrors.Report repair() {
    return mesh.mirrors().repair().commit();
  }

  public Table table() {
    return table(TABLE);
  }

  public Table table(String name) {
    return glue.getTable(get -> get.catalogId(account).databaseName(DATABASE).name(name)).table();
  }

  public boolean hasTable(String name) {
    try {
      table(name);
      return true;
    } catch (EntityNotFoundException e) {
      return false;
    }
  }

  public String metadata() {
    return table().parameters().get("metadata_location");
  }

  /** Changes the table as another program does. */
  public void change(Consumer<TableInput.Builder> change) {
    Table table = table();
    TableInput.Builder input =
        TableInput.builder()
            .name(table.name())
            .description(table.description())
            .tableType(table.tableType())
            .parameters(table.parameters())
            .storageDescriptor(table.storageDescriptor());
    change.accept(input);
    glue.updateTable(
        update -> update.catalogId(account).databaseName(DATABASE).tableInput(input.build()));
  }

  public Database database() {
    return glue.getDatabase(get -> get.catalogId(account).name(DATABASE)).database();
  }

  /** Replaces the database as another program does. */
  public void changeDatabase(Consumer<DatabaseInput.Builder> change) {
    DatabaseInput.Builder input =
        DatabaseInput.builder().name(DATABASE).createTableDefaultPermissions(List.of());
    change.accept(input);
    glue.updateDatabase(
        update -> update.catalogId(account).name(DATABASE).databaseInput(input.build()));
  }

  /** Changes a parameter of the table as another program does. */
  public void setParameter(String name, String value) {
    Map<String, String> parameters = new TreeMap<>(table().parameters());
    parameters.put(name, value);
    change(input -> input.parameters(parameters));
  }

  public void createTable(String name) {
    glue.createTable(
        create ->
            create
                .catalogId(account)
                .databaseName(DATABASE)
                .tableInput(TableInput.builder().name(name).build()));
  }

  public void dropTable(String name) {
    glue.deleteTable(drop -> drop.databaseName(DATABASE).name(name));
  }

  public void createDatabase(String name) {
    glue.createDatabase(
        create -> create.catalogId(account).databaseInput(input -> input.name(name)));
  }

  /** Returns the calls of the mirror that change something, since the last reset. */
  public List<String> writes() {
    return aws.calls().stream()
        .filter(call -> call.matches("glue:(Create|Update|Delete|Register|Put|Remove).*"))
        .toList();
  }

  public static List<FindingCode> codes(List<Finding> findings) {
    return findings.stream().map(Finding::code).toList();
  }

  @Override
  public void close() {
    aws.reset();
    clients.close();
    mesh.close();
  }
}

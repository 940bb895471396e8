package io.meshwork.internal.conformance.consume;

import static io.meshwork.contract.Partition.by;
import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.consume.Rows;
import io.meshwork.contract.Contract;
import io.meshwork.contract.Partition;
import io.meshwork.internal.conformance.fixture.MeshFixture;
import io.meshwork.internal.conformance.fixture.WatchedFiles;
import io.meshwork.local.LocalMesh;
import io.meshwork.product.Principal;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random rows are published in several parts and read with random filters. DuckDB returns the same
 * rows from the published files, although Meshwork opens only some of the files.
 */
class DuckDbFiltersTest {
  private static final int SEEDS = 12;
  private static final int FILTERS = 40;
  private static final Schema SCHEMA =
      new Schema.Parser()
          .parse(
              """
              {'type':'record','name':'Row','fields':[
                {'name':'id','type':'long'},
                {'name':'part','type':'string'},
                {'name':'n','type':['null','int'],'default':null},
                {'name':'x','type':['null','double'],'default':null},
                {'name':'ok','type':['null','boolean'],'default':null},
                {'name':'price','type':['null',
                  {'type':'bytes','logicalType':'decimal','precision':9,'scale':2}],'default':null},
                {'name':'day','type':['null',{'type':'int','logicalType':'date'}],'default':null},
                {'name':'moment','type':['null',
                  {'type':'long','logicalType':'local-timestamp-micros'}],'default':null},
                {'name':'who','type':['null',{'type':'record','name':'Who','fields':[
                  {'name':'name','type':['null','string'],'default':null},
                  {'name':'rank','type':{'type':'record','name':'Rank','fields':[
                    {'name':'k','type':'int'}]}}]}],'default':null}]}
              """
                  .replace('\'', '"'));

  @TempDir private Path folder;

  /** A filter and the equivalent SQL condition. */
  private record Pair(String filter, String sql) {
    Pair(String both) {
      this(both, both);
    }
  }

  @Test
  void filteredReadsEqualThoseOfDuckDb() throws Exception {
    int opened = 0;
    int there = 0;
    int mixed = 0;
    WatchedFiles[] files = new WatchedFiles[1];
    try (Mesh mesh =
            LocalMesh.builder(folder.resolve("mesh"))
                .testing()
                .wrapFiles(real -> files[0] = new WatchedFiles(real))
                .open();
        Connection duckDb = DriverManager.getConnection("jdbc:duckdb:")) {
      MeshClient client = mesh.clientAs(Principal.of("commerce", "etl"));
      client.registerDomain("commerce").owner("shop@example.org").commit();
      for (long seed = 0; seed < SEEDS; seed++) {
        Random random = new Random(seed);
        String product = "commerce/rows-" + seed;
        long rows = publish(client, product, random);
        List<String> all = client.read(product).files();
        for (int i = 0; i < FILTERS; i++) {
          Pair pair = node(random, random.nextInt(4));
          String seen = "seed " + seed + " " + pair;
          List<Long> expected = ids(duckDb, all, pair.sql());
          List<Long> read = new ArrayList<>();

          opened += files[0].dataFilesAsked(() -> read.addAll(ids(client, product, pair.filter())));

          assertThat(read).as(seen).containsExactlyInAnyOrderElementsOf(expected);
          there += all.size();
          mixed += !expected.isEmpty() && expected.size() < rows ? 1 : 0;
        }
      }
    }
    assertThat(mixed).as("filters that some rows pass and some do not").isGreaterThan(200);
    assertThat(opened).as("files opened of %s", there).isLessThan(there * 4 / 5);
  }

  private static long publish(MeshClient client, String product, Random random) {
    Partition[] layout = random.nextBoolean() ? new Partition[] {by("part")} : new Partition[0];
    client.defineProduct(product).contract(Contract.of(SCHEMA)).partitionBy(layout).commit();
    long id = 0;
    for (int publish = 0; publish < 5; publish++) {
      List<Map<String, Object>> rows = new ArrayList<>();
      int base = random.nextInt(8);
      int nulls = random.nextInt(3);
      for (int i = 0; i < 40; i++) {
        rows.add(row(random, id++, base, nulls));
      }
      client.publish(product).records(rows).commit();
    }
    return id;
  }

  private static Map<String, Object> row(Random random, long id, int base, int nulls) {
    Map<String, Object> row = MeshFixture.row("id", id, "part", "p" + random.nextInt(3));
    int k = base + random.nextInt(3);
    Object[][] values = {
      {"n", k},
      {"x", random.nextInt(9) == 0 ? Double.NaN : k / 2.0},
      {"ok", k % 2 == 0},
      {"price", BigDecimal.valueOf(k * 25L, 2)},
      {"day", LocalDate.of(2024, 1, 1 + k)},
      {"moment", LocalDateTime.of(2024, 1, 1 + k, 12, 0)},
      {
        "who",
        MeshFixture.row(
            "name", random.nextInt(4) == 0 ? null : "name " + k, "rank", MeshFixture.row("k", k))
      }
    };
    for (Object[] value : values) {
      MeshFixture.put(
          row, (String) value[0], random.nextInt(4) < nulls && nulls > 0 ? null : value[1]);
    }
    return row;
  }

  private static Pair node(Random random, int depth) {
    if (depth == 0) {
      return leaf(random);
    } else if (random.nextInt(3) == 0) {
      Pair part = node(random, depth - 1);
      return new Pair("NOT (" + part.filter() + ")", "NOT (" + part.sql() + ")");
    }
    String word = random.nextBoolean() ? " AND " : " OR ";
    Pair left = node(random, depth - 1);
    Pair right = node(random, depth - 1);
    return new Pair(
        "(" + left.filter() + ")" + word + "(" + right.filter() + ")",
        "(" + left.sql() + ")" + word + "(" + right.sql() + ")");
  }

  private static Pair leaf(Random random) {
    int k = random.nextInt(12);
    String compare = List.of("=", "<>", "<", "<=", ">", ">=").get(random.nextInt(6));
    return switch (random.nextInt(13)) {
      case 0 -> new Pair("id " + compare + " " + k * 18);
      case 1 -> new Pair("n " + compare + " " + k);
      // DuckDB orders NaN above all numbers. In Meshwork, as in IEEE 754, NaN is not greater than a
      // number.
      case 2 ->
          new Pair(
              "x " + compare + " " + k / 2.0,
              "(x "
                  + compare
                  + " "
                  + k / 2.0
                  + (compare.startsWith(">") ? " AND NOT isnan(x))" : ")"));
      case 3 -> new Pair("ok = " + (k % 2 == 0));
      case 4 -> new Pair("price " + compare + " " + BigDecimal.valueOf(k * 25L, 2));
      case 5 -> new Pair("day BETWEEN DATE '2024-01-02' AND DATE '2024-01-0" + (1 + k % 9) + "'");
      case 6 ->
          new Pair("moment " + compare + " TIMESTAMP '2024-01-0" + (1 + k % 9) + " 12:00:00'");
      case 7 -> new Pair("who.name LIKE '%" + k + "'");
      case 8 -> new Pair("who.name IN ('name " + k + "', 'name 2')");
      case 9 -> new Pair("who.rank.k " + compare + " " + k);
      case 10 -> new Pair("part = 'p" + k % 4 + "'");
      case 11 -> new Pair(List.of("n", "who.name", "who.rank.k", "day").get(k % 4) + " IS NULL");
      default -> new Pair("who.name NOT LIKE 'name 1_' AND n NOT IN (1, " + k + ")");
    };
  }

  private static List<Long> ids(MeshClient client, String product, String filter) {
    List<Long> ids = new ArrayList<>();
    try (Rows<Map<String, Object>> rows =
        client.read(product).columns("id").asMaps().where(filter).rows()) {
      rows.forEach(row -> ids.add((Long) row.get("id")));
    }
    return ids;
  }

  private static List<Long> ids(Connection duckDb, List<String> files, String where)
      throws SQLException {
    String table =
        files.stream()
            .map(file -> "'" + file.replace("'", "''") + "'")
            .collect(Collectors.joining(",", "read_parquet([", "], hive_partitioning = false)"));
    List<Long> ids = new ArrayList<>();
    try (Statement statement = duckDb.createStatement();
        ResultSet result =
            statement.executeQuery("SELECT id FROM " + table + " AS t WHERE " + where)) {
      while (result.next()) {
        ids.add(result.getLong(1));
      }
    }
    return ids;
  }
}

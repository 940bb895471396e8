package io.meshwork.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.registry.Registry;
import io.meshwork.registry.Registry.Key;
import io.meshwork.registry.Registry.Page;
import io.meshwork.registry.Registry.Transaction;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.ProgressHandler;

/** The steps of SQLite for the pages of a long list. */
class SqliteListingTest {
  private static final int PRODUCTS = 2_000;

  /** A transaction has a limited number of documents. */
  private static final int AT_ONCE = 80;

  @TempDir private Path folder;

  @Test
  void aLaterPageTakesAsManyStepsAsTheFirst() throws Exception {
    Path file = folder.resolve("mesh.db");
    fill(file);
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file)) {
      List<Long> steps = stepsOfPages(connection, new SqliteConnection(connection));

      assertThat(steps).hasSizeGreaterThan(4);
      assertThat(steps.get(steps.size() - 2)).isLessThan(2 * steps.get(0));
    }
  }

  private static void fill(Path file) {
    try (Registry registry = SqliteRegistry.open(file)) {
      for (int from = 0; from < PRODUCTS; from += AT_ONCE) {
        Transaction.Builder transaction = Transaction.attempt("a" + from);
        for (int i = from; i < from + AT_ONCE; i++) {
          transaction.insert(new Key("shop", "product/p" + i), "{}");
        }
        registry.commit(transaction.build());
      }
    }
  }

  /** Counts the steps of each page. */
  private static List<Long> stepsOfPages(Connection connection, SqliteConnection list)
      throws SQLException {
    long[] steps = {0};
    ProgressHandler.setHandler(
        connection,
        1,
        new ProgressHandler() {
          @Override
          protected int progress() {
            steps[0]++;
            return 0;
          }
        });
    List<Long> ofPages = new ArrayList<>();
    String cursor = null;
    int listed = 0;
    do {
      Page page = list.list("shop", "product/", cursor);
      listed += page.documents().size();
      ofPages.add(steps[0]);
      steps[0] = 0;
      cursor = page.nextCursor();
    } while (cursor != null);
    ProgressHandler.clearHandler(connection);
    assertThat(listed).isEqualTo(PRODUCTS);
    return ofPages;
  }
}

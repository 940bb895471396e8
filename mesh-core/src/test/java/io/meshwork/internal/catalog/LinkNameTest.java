package io.meshwork.internal.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.error.InvalidRequestException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LinkNameTest {
  @Test
  void aLinkIsADatabaseOrATableInOne() {
    assertThat(LinkName.of("finance_db.orders"))
        .isEqualTo(new LinkName("finance_db", Optional.of("orders")))
        .hasToString("finance_db.orders");
    assertThat(LinkName.of("shop")).isEqualTo(new LinkName("shop", Optional.empty()));
    assertThat(LinkName.of("0_.1")).hasToString("0_.1");
    assertThat(LinkName.of("a.b").whole().table("c")).hasToString("a.c");
  }

  @Test
  void aNameWithADotAndWithoutASlashIsALink() {
    assertThat(LinkName.isLinkName("finance_db.orders")).isTrue();
    assertThat(LinkName.isLinkName("commerce/orders")).isFalse();
    assertThat(LinkName.isLinkName("commerce/orders.v1")).isFalse();
    assertThat(LinkName.isLinkName("orders")).isFalse();
  }

  @Test
  void aNameThatIsInvalidInGlueIsRejectedWithAValidOne() {
    assertThat(LinkName.check("table", "x".repeat(255))).hasSize(255);
    for (String bad : List.of("", " ", "Orders", "or-ders", "ör", "a b", "x".repeat(256), "a/b")) {
      assertThatThrownBy(() -> LinkName.check("table", bad))
          .as(bad)
          .isInstanceOf(InvalidRequestException.class)
          .hasMessageContaining("table");
    }
    assertThatThrownBy(() -> LinkName.check("database", "Green-Trips"))
        .hasMessageContaining("Write it 'green_trips'");
    for (String bad : List.of("a.b.c", ".", "a.", ".b")) {
      assertThatThrownBy(() -> LinkName.of(bad))
          .as(bad)
          .isInstanceOf(InvalidRequestException.class);
    }
    assertThatThrownBy(() -> LinkName.of(null)).isInstanceOf(InvalidRequestException.class);
  }
}

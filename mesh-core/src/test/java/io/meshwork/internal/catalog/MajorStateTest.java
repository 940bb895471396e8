package io.meshwork.internal.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.internal.catalog.MajorState.Use;
import io.meshwork.internal.ledger.DocumentJson;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.product.MajorVersion;
import io.meshwork.product.ProductName;
import io.meshwork.registry.Registry.Key;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class MajorStateTest {
  private static final Set<Use> SHOWN = EnumSet.noneOf(Use.class);

  private static MajorState read(String state) {
    ObjectNode json = DocumentJson.create().put("contractVersion", "1.0.0").put("state", state);
    Key key = RegistryKeys.major(ProductName.of("commerce/orders"), 1);
    return MajorEntry.of(new VersionedDocument(key, json, "v1")).status().state();
  }

  /** One line a use; y: allowed, -: refused. */
  @ParameterizedTest
  @CsvSource({
    // use,                     PREPARED ACTIVE DEPRECATED CLOSING RETIRING RETIRED PURGED WITHDRAWN
    "READ,                      -, y, y, y, y, -, -, -",
    "READ_AS_OWNER,             y, y, y, y, y, y, -, y",
    "SUBSCRIBE,                 -, y, -, -, -, -, -, -",
    "SUBSCRIBE_TO_DEPRECATED, -, y, y, -, -, -, -, -",
    "MOVE_BACK,                 -, y, y, y, -, -, -, -",
    "FOLLOW,                    -, y, y, y, -, -, -, -",
    "KEEP,                      -, y, y, y, y, -, -, -",
    "PUBLISH,                   -, y, y, y, y, -, -, -",
    "ERASE,                     -, y, y, y, y, y, -, y",
    "AMEND,                     y, y, y, y, y, -, -, -",
    "ENGINE,                    -, y, y, y, y, -, -, -",
    "LINK,                      -, y, y, y, y, -, -, -",
    "DECIDE,                    y, y, y, y, y, -, -, -",
    "DESCRIBE,                  y, y, y, y, y, y, y, y",
  })
  void eachStateAllowsTheseUses(
      Use use,
      String prepared,
      String active,
      String deprecated,
      String closing,
      String retiring,
      String retired,
      String purged,
      String withdrawn) {
    String[] allowed = {
      prepared, active, deprecated, closing, retiring, retired, purged, withdrawn
    };
    for (MajorState state : MajorState.values()) {
      assertThat(state.allows(use))
          .as("%s of a major that is %s", use, state)
          .isEqualTo(allowed[state.ordinal()].equals("y"));
    }
    SHOWN.add(use);
  }

  @AfterAll
  static void theTableHasEveryUse() {
    assertThat(SHOWN).isEqualTo(EnumSet.allOf(Use.class));
  }

  @ParameterizedTest
  @EnumSource(MajorState.class)
  void liveMajorsAreReadAndPublished(MajorState state) {
    assertThat(state.isLive())
        .isEqualTo(state.allows(Use.READ))
        .isEqualTo(state.allows(Use.PUBLISH));
    assertThat(state.isLive() && state.isRetired()).isFalse();
  }

  @ParameterizedTest
  @EnumSource(MajorState.class)
  void theStateIsReadFromTheDocument(MajorState state) {
    assertThat(read(state.name())).isEqualTo(state);
  }

  @ParameterizedTest
  @EnumSource(MajorState.class)
  void eachStateHasItsNameInThePublicApi(MajorState state) {
    assertThat(state.publicState().name()).isEqualTo(state.name());
    assertThat(MajorVersion.State.values()).hasSameSizeAs(MajorState.values());
  }

  @Test
  void aStateOfALaterBuildIsRefused() {
    assertThatThrownBy(() -> read("FROZEN"))
        .isInstanceOfSatisfying(
            BackendException.class,
            refused -> assertThat(refused.errorCode()).isEqualTo(ErrorCode.REGISTRY_VERSION))
        .hasMessageContainingAll("FROZEN", "major/1", "newer");
  }
}

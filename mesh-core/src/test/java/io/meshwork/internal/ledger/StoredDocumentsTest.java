package io.meshwork.internal.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.meshwork.registry.Registry.Key;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Bytes that a mesh has today, by the record that reads and writes them. */
class StoredDocumentsTest {
  private static final Key KEY = new Key("commerce", "document");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          table.ErasedFiles$ErasedFilesDocument | {"format":1,"publishId":"p1","files":["0123456789abcdef","fedcba9876543210"]}
          erasure.ErasureFiles$ErasureFilesDocument | {"format":1,"table":"orders_v1","snapshots":3,"files":["data/a.parquet"],"readersPassed":["ops/audit"],"outOfReach":["One file is linked."]}
          catalog.OutsideApproval | {"format":1,"request":"r1","by":"111122223333/steward","at":"2026-11-01T10:15:30.123Z"}
          stewards.StewardAppointment$StewardDocument | {"format":1,"by":"111122223333/steward","at":"2026-11-01T10:15:30Z"}
          session.PublishQuality$QualityDocument | {"format":1,"major":2,"publishes":[{"publishId":"p1","added":"later"},{"publishId":"p2"}]}
          catalog.GuestDomains$GuestDocument | {"format":1,"domain":"logistics","home":"lob-b"}
          catalog.ExecutorDocument | {"format":1,"delegating":true}
          catalog.ExecutorDocument | {"format":1,"delegating":false}
          catalog.Catalog$AccountEntry$AccountDocument | {"format":1,"domain":"commerce"}
          catalog.ProductEntry | {"format":1,"name":"commerce/orders","description":"","openToMesh":false,"currentMajor":1}
          catalog.ProductEntry | {"format":1,"name":"commerce/orders","description":"Orders","owner":"orders@example.com","openToMesh":true,"currentMajor":2,"root":"s3://bucket/orders"}
          event.EventDetails$CatalogReference | {"format":1,"catalog":"lob-b"}
          delivery.LostCommits$LostCommitsDocument | {"format":1,"until":"2026-11-01T10:15:30Z"}
          delivery.CursorStore$FirstUse | {"format":1,"since":"2026-11-01T10:15:30Z"}
          ledger.HostClock$ClockDocument | {"format":1,"at":"2026-11-01T10:15:30.500Z"}
          session.AmendmentLock$LockDocument | {"format":1,"at":"2026-11-01T10:15:30Z"}
          maintenance.GrantReminder$ReminderDocument | {"format":1,"until":"2026-12-01T00:00:00Z","over":false}
          table.WriterRecords$WriterDocument | {"format":1,"tag":"a1b2c3","since":"2026-11-01T10:15:30Z","until":"2026-11-02T10:15:30Z"}
          table.PlaceMarker | {"format":1,"mesh":"0b7c6d58-6a0e-4a51-9f0f-b4ad6a7a7d3e","root":"s3://bucket/mesh"}
          ledger.MirroredObject$ObservedObjects | {"format":1,"objects":{"database/shop":{"name":"shop"}}}
          ledger.MirroredObject$ObservedObjects | {"format":1,"objects":{}}
          rollout.retirement.RolloutReminders$SentReminders | {"format":1,"sent":["r1.half","r1.week"]}
          ledger.LogChain$Head | {"format":1,"sequence":7,"hash":"0123456789abcdef","at":"2026-11-01T10:15:30.123Z"}
          ledger.LogChain$LogEntry | {"format":1,"sequence":1,"at":"2026-11-01T10:15:30.123Z","event":"mesh.placed","principal":"mesh/sdk","subject":"_mesh","details":{"id":"a1","root":"/mesh"},"attempt":"a2","documents":{"root":"0123456789abcdef"},"previous":"0000000000000000"}
          ledger.LogChain$LogEntry | {"format":1,"sequence":2,"at":"2026-11-01T10:15:30Z","event":"product.defined","principal":"111122223333/steward","subject":"commerce/orders","details":{},"attempt":"a3","documents":{},"previous":"0123456789abcdef"}
          """)
  void aDocumentThatExistsIsReadAndWrittenAsItWas(String type, String text) throws Exception {
    VersionedDocument stored =
        new VersionedDocument(KEY, DocumentJson.parseObject("a document", text), "1");

    Record read = read(type, stored);

    assertThat(DocumentJson.write(DocumentCodec.document(read))).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          ingest.StagedRows$StagedViolation | {"column":"amount","code":"VALUE_MISSING","reason":"is null"}
          rollout.retirement.RolloutRetirement$OverriddenConsumers | {"consumers":["ops/audit"]}
          suggestions.NamedSuggestions$AcceptedSuggestions | {"suggestions":["s1","s2"]}
          staging.StagedSource$StagedPublishReference | {"stagedAs":"p1"}
          staging.StagedPublishErasure$EndedPublishes | {"stagedErased":2}
          catalog.FieldIds | {"fieldIds":"1-4,9"}
          ledger.LogChain$RecordedElsewhere | {"partition":"commerce","sequence":4}
          """)
  void aPartOfAnEntryIsReadAndWrittenAsItWas(String type, String text) throws Exception {
    Record read = read(type, new VersionedDocument(KEY, DocumentJson.parseObject("a", text), "1"));

    assertThat(DocumentCodec.toJson(read)).hasToString(text);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          erasure.ErasureFiles$ErasureFilesDocument | {"format":1,"table":"t","snapshots":0,"files":[],"readersPassed":[],"outOfReach":[]} | {"format":1,"table":"t","snapshots":0}
          """)
  void emptyListsAreLeftOut(String type, String before, String now) throws Exception {
    VersionedDocument stored =
        new VersionedDocument(KEY, DocumentJson.parseObject("a document", before), "1");

    assertThat(DocumentJson.write(DocumentCodec.document(read(type, stored)))).isEqualTo(now);
  }

  @ParameterizedTest
  @CsvSource({
    "catalog.ProductEntry",
    "session.PublishQuality$QualityDocument",
    "ledger.LogChain$Head"
  })
  void fieldsThatThisVersionDoesNotKnowAreKept(String type) throws Exception {
    String text =
        type.endsWith("Entry")
            ? "{\"format\":1,\"name\":\"commerce/orders\",\"later\":{\"x\":[1]}}"
            : "{\"format\":1,\"major\":1,\"at\":\"2026-11-01T10:15:30Z\",\"later\":{\"x\":[1]}}";
    VersionedDocument stored =
        new VersionedDocument(KEY, DocumentJson.parseObject("a document", text), "1");

    assertThat(write(read(type, stored), stored).path("later")).hasToString("{\"x\":[1]}");
  }

  private static Record read(String type, VersionedDocument stored) throws Exception {
    return DocumentCodec.of(recordType(type)).read(stored);
  }

  private static Class<? extends Record> recordType(String type) throws Exception {
    return Class.forName("io.meshwork.internal." + type).asSubclass(Record.class);
  }

  @SuppressWarnings("unchecked") // the codec of the record's own type
  private static JsonNode write(Record value, VersionedDocument stored) {
    return ((DocumentCodec<Record>) (DocumentCodec<?>) DocumentCodec.of(value.getClass()))
        .write(value, Optional.of(stored));
  }
}

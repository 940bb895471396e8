package io.meshwork.internal.parquet.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.airlift.compress.hadoop.HadoopStreams;
import io.airlift.compress.lz4.Lz4Compressor;
import io.airlift.compress.lz4.Lz4HadoopStreams;
import io.airlift.compress.lzo.LzoHadoopStreams;
import io.meshwork.internal.parquet.encoding.ValueDecoder;
import io.meshwork.internal.parquet.schema.UnreadableFileException;
import io.meshwork.internal.parquet.schema.UnreadableFileException.Reason;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.Random;
import org.apache.parquet.format.CompressionCodec;
import org.junit.jupiter.api.Test;

/** Codecs that no current writer of tests produces. */
class PageDecompressorTest {
  @Test
  void impossibleSizesAreRejectedBeforeMemoryIsAllocated() {
    assertThatThrownBy(
            () ->
                PageDecompressor.checkDeclaredSize(CompressionCodec.ZSTD, 1_000, Integer.MAX_VALUE))
        .isInstanceOf(UnreadableFileException.class)
        .hasMessageContaining("1000 bytes")
        .hasMessageContaining("2147483647");
    assertThatThrownBy(
            () -> PageDecompressor.checkDeclaredSize(CompressionCodec.SNAPPY, 1_000, 1_000_000))
        .isInstanceOf(UnreadableFileException.class);
    assertThatThrownBy(
            () -> PageDecompressor.checkDeclaredSize(CompressionCodec.GZIP, 1_000, 10_000_000))
        .isInstanceOf(UnreadableFileException.class);
    PageDecompressor.checkDeclaredSize(CompressionCodec.ZSTD, 100, 1 << 20);
  }

  @Test
  void lz4AndLzoInBlocksOfHadoopAreDecompressed() throws IOException {
    byte[] page = page(700_000);

    assertThat(decompress(CompressionCodec.LZ4, hadoop(new Lz4HadoopStreams(), page), page.length))
        .isEqualTo(page);
    assertThat(decompress(CompressionCodec.LZO, hadoop(new LzoHadoopStreams(), page), page.length))
        .isEqualTo(page);
  }

  @Test
  void lz4WithoutBlocksOfHadoopIsDecompressed() {
    byte[] page = page(50_000);
    Lz4Compressor compressor = new Lz4Compressor();
    byte[] raw = new byte[compressor.maxCompressedLength(page.length)];
    int length = compressor.compress(page, 0, page.length, raw, 0, raw.length);

    assertThat(decompress(CompressionCodec.LZ4, Arrays.copyOf(raw, length), page.length))
        .isEqualTo(page);
  }

  @Test
  void brotliIsDecompressedWithItsLibrary() {
    byte[] page = page(40_000);
    byte[] stream = new byte[page.length + 4];
    // A window of 16 bits, then one uncompressed block: its length less one from bit 4 on, and the
    // mark of an uncompressed block. The last block is empty.
    int header = page.length - 1 << 4 | 1 << 20;
    stream[0] = (byte) header;
    stream[1] = (byte) (header >>> 8);
    stream[2] = (byte) (header >>> 16);
    System.arraycopy(page, 0, stream, 3, page.length);
    stream[page.length + 3] = 3;

    PageDecompressor.checkSupported(CompressionCodec.BROTLI);
    assertThat(decompress(CompressionCodec.BROTLI, stream, page.length)).isEqualTo(page);
    assertCorrupt(CompressionCodec.BROTLI, Arrays.copyOf(stream, 1_000), page.length);
  }

  @Test
  void blocksOfHadoopThatExceedTheirPageAreRefused() throws IOException {
    byte[] page = page(100_000);
    byte[] blocks = hadoop(new Lz4HadoopStreams(), page);
    Random random = new Random(3);
    for (int i = 0; i < 2_000; i++) {
      byte[] changed = blocks.clone();
      changed[random.nextInt(random.nextBoolean() ? 12 : changed.length)] = (byte) random.nextInt();
      try {
        assertThat(decompress(CompressionCodec.LZ4, changed, page.length)).hasSize(page.length);
      } catch (UnreadableFileException e) {
        assertThat(e.reason()).isEqualTo(Reason.CORRUPT);
      }
    }
    assertCorrupt(CompressionCodec.LZO, Arrays.copyOf(blocks, 3), page.length);
  }

  private static void assertCorrupt(CompressionCodec codec, byte[] compressed, int length) {
    assertThatThrownBy(() -> decompress(codec, compressed, length))
        .isInstanceOfSatisfying(
            UnreadableFileException.class, e -> assertThat(e.reason()).isEqualTo(Reason.CORRUPT));
  }

  private static byte[] page(int length) {
    byte[] page = new byte[length];
    Random random = new Random(length);
    for (int i = 0; i < length; i++) {
      page[i] = (byte) random.nextInt(4);
    }
    return page;
  }

  private static byte[] hadoop(HadoopStreams streams, byte[] page) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream out = streams.createOutputStream(bytes)) {
      out.write(page);
    }
    return bytes.toByteArray();
  }

  private static byte[] decompress(CompressionCodec codec, byte[] compressed, int length) {
    byte[] from = Arrays.copyOf(compressed, compressed.length + ValueDecoder.SLACK);
    byte[] to = new byte[length + ValueDecoder.SLACK];
    try (PageDecompressor decompressor = new PageDecompressor()) {
      decompressor.decompress(codec, from, 0, compressed.length, to, length);
    }
    return Arrays.copyOf(to, length);
  }
}

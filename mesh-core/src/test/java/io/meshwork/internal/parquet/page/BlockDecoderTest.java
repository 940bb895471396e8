package io.meshwork.internal.parquet.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.airlift.compress.Compressor;
import io.airlift.compress.lz4.Lz4Compressor;
import io.airlift.compress.lzo.LzoCompressor;
import io.airlift.compress.snappy.SnappyCompressor;
import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Blocks of aircompressor are decompressed, and malformed ones are refused. */
class BlockDecoderTest {
  private enum Format {
    SNAPPY(
        new SnappyCompressor(),
        (in, from, length, out, to, most) -> SnappyDecoder.decode(in, from, length, out, most)),
    LZ4(new Lz4Compressor(), Lz4Decoder::decode),
    LZO(new LzoCompressor(), LzoDecoder::decode);

    private final Compressor compressor;
    private final BlockDecoder decoder;

    Format(Compressor compressor, BlockDecoder decoder) {
      this.compressor = compressor;
      this.decoder = decoder;
    }

    private byte[] compress(byte[] data) {
      byte[] block = new byte[compressor.maxCompressedLength(data.length)];
      int length = compressor.compress(data, 0, data.length, block, 0, block.length);
      return Arrays.copyOf(block, length);
    }
  }

  /** Runs, repetitions of earlier bytes, and noise, so that each kind of match occurs. */
  private static byte[] data(Random random) {
    byte[] data = new byte[1 + random.nextInt(random.nextInt(8) == 0 ? 200_000 : 3_000)];
    int position = 0;
    while (position < data.length) {
      int length = Math.min(data.length - position, 1 + random.nextInt(1 << random.nextInt(14)));
      int kind = position == 0 ? 0 : random.nextInt(4);
      int distance =
          kind < 2 ? 0 : 1 + random.nextInt(kind == 2 ? Math.min(12, position) : position);
      byte run = (byte) random.nextInt();
      for (int i = 0; i < length; i++, position++) {
        data[position] =
            switch (kind) {
              case 0 -> (byte) random.nextInt();
              case 1 -> run;
              default -> data[position - distance];
            };
      }
    }
    return data;
  }

  @ParameterizedTest
  @EnumSource
  void blocksAreDecompressedWhereverTheyAre(Format format) throws IOException {
    long seed = Long.getLong("mesh.parquet.seed", System.nanoTime());
    Random random = new Random(seed);
    for (int i = 0; i < 500; i++) {
      byte[] data = data(random);
      byte[] block = format.compress(data);
      int before = random.nextInt(20);
      int after = 1 + random.nextInt(20);
      byte[] in = new byte[before + block.length + after];
      random.nextBytes(in);
      System.arraycopy(block, 0, in, before, block.length);
      byte[] out = new byte[data.length + after];

      int actual = format.decoder.decode(in, before, block.length, out, 0, data.length);

      assertThat(actual).as("seed %d", seed).isEqualTo(data.length);
      assertThat(Arrays.copyOf(out, actual)).as("seed %d", seed).isEqualTo(data);
      assertThat(Arrays.copyOfRange(out, actual, out.length)).containsOnly(0);
    }
  }

  @ParameterizedTest
  @EnumSource
  void malformedBlocksEndInAnIoExceptionAndWriteNothingElsewhere(Format format) {
    long seed = Long.getLong("mesh.parquet.seed", System.nanoTime());
    Random random = new Random(seed);
    int refused = 0;
    for (int i = 0; i < 5_000; i++) {
      byte[] data = Arrays.copyOf(data(random), 200);
      byte[] block = format.compress(data);
      byte[] changed = Arrays.copyOf(block, 1 + random.nextInt(block.length));
      changed[random.nextInt(changed.length)] = (byte) random.nextInt();
      byte[] out = new byte[data.length + 16];
      try {
        format.decoder.decode(changed, 0, changed.length, out, 0, data.length);
      } catch (IOException e) {
        refused++;
      }
      assertThat(Arrays.copyOfRange(out, data.length, out.length))
          .as("seed %d", seed)
          .containsOnly(0);
    }
    assertThat(refused).as("seed %d", seed).isGreaterThan(500);
  }
}

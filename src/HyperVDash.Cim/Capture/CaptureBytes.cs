using System.IO.Compression;
using Microsoft.Win32.SafeHandles;

namespace HyperVDash.Cim.Capture;

/// <summary>
/// The plain bytes of a capture, to be read at any place and by several at a time. A compressed file is unpacked beside the first reading into a temporary
/// file that goes away with the handle; both stay readable when the capture's name is given to another file.
/// </summary>
internal sealed class CaptureBytes : IDisposable
{
    // JSON of a host packs to a twentieth, of a host with a thousand equal VMs to a hundredth. A gzip that holds nothing but itself reaches a thousandth.
    private const int MaxRatio = 300;
    private const long MaxUnpacked = 16L << 30;
    private const long AlwaysUnpacked = 64L << 20;

    private readonly string _name;
    private readonly FileStream _source;
    private readonly FileStream? _spool;
    private readonly SafeFileHandle _plain;

    private CaptureBytes(string name, FileStream source, FileStream? spool) => (_name, _source, _spool, _plain) = (name, source, spool, (spool ?? source).SafeFileHandle);

    /// <summary>Bytes of the file as it lies on the disk.</summary>
    public long Length => _source.Length;

    /// <exception cref="CaptureException">There is no such file.</exception>
    public static CaptureBytes Open(string path)
    {
        if (!File.Exists(path))
        {
            throw new CaptureException($"There is no capture file '{path}'.");
        }

        var source = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, 1);
        try
        {
            Span<byte> magic = stackalloc byte[2];
            bool isPacked = source.ReadAtLeast(magic, 2, throwOnEndOfStream: false) == 2 && magic[0] == 0x1F && magic[1] == 0x8B;
            source.Position = 0;
            return new CaptureBytes(path, source, isPacked ? Spool() : null);
        }
        catch
        {
            source.Dispose();
            throw;
        }
    }

    /// <summary>From the beginning, once, before anything else is read.</summary>
    public Stream First() => _spool is null
        ? new Part(_plain, 0)
        : new Unpacking(new GZipStream(_source, CompressionMode.Decompress, leaveOpen: true), _spool, Math.Min(MaxUnpacked, Math.Max(AlwaysUnpacked, Length * MaxRatio)), _name);

    public Stream From(long offset) => new Part(_plain, offset);

    private static FileStream Spool() =>
        PrivateFile.Open(Path.Combine(Path.GetTempPath(), $"hypervdash-{Path.GetRandomFileName()}.json"), FileMode.CreateNew, FileAccess.ReadWrite, FileOptions.DeleteOnClose);

    public void Dispose()
    {
        _spool?.Dispose();
        _source.Dispose();
    }

    private abstract class ReadOnly : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }

    private sealed class Part(SafeFileHandle file, long at) : ReadOnly
    {
        private long _at = at;

        public override int Read(byte[] buffer, int offset, int count)
        {
            int read = RandomAccess.Read(file, buffer.AsSpan(offset, count), _at);
            _at += read;
            return read;
        }
    }

    /// <summary>Keeps what is read, so that a file that is no capture is refused before it fills the disk.</summary>
    private sealed class Unpacking(GZipStream packed, FileStream spool, long limit, string name) : ReadOnly
    {
        private long _unpacked;

        public override int Read(byte[] buffer, int offset, int count)
        {
            int read = packed.Read(buffer, offset, count);
            _unpacked += read;
            if (_unpacked > limit)
            {
                throw new CaptureException($"{name} unpacks to more than {limit >> 20} MiB, which no capture of its size does; nothing of it is used. If you trust it, unpack it with gunzip and name the result.");
            }

            spool.Write(buffer, offset, read);
            return read;
        }

        protected override void Dispose(bool disposing)
        {
            packed.Dispose();
            base.Dispose(disposing);
        }
    }
}

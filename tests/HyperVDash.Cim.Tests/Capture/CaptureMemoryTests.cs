using System.Text;
using HyperVDash.Cim.Capture;

namespace HyperVDash.Cim.Tests.Capture;

/// <summary>Counts the memory of the process, so nothing else may run beside it.</summary>
[CollectionDefinition(nameof(AloneInTheProcess), DisableParallelization = true)]
public sealed class AloneInTheProcess;

/// <summary>What a capture costs in memory does not depend on how large it is.</summary>
[Collection(nameof(AloneInTheProcess))]
public sealed class CaptureMemoryTests : IDisposable
{
    private const long Size = 200L << 20;
    private const long Allowed = 8L << 20;
    private const int CallCount = 20_000;

    private static readonly CimQuery Large = new("root/cimv2", "Win32_Large");

    private readonly string _folder = Directory.CreateTempSubdirectory("hypervdash-").FullName;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_capture_of_200_MB_is_written_opened_and_read_with_a_twentieth_of_that()
    {
        string path = Path.Combine(_folder, "large.json");
        await using var live = LiveBytes.Watch();
        await using (var writer = new CaptureWriter(path, new CaptureHeader("HV01")))
        {
            await using var recording = new RecordingSession(new Endless(Size), writer, TimeProvider.System);
            await foreach (var row in recording.QueryAsync(Large with { Columns = ["Name"] }, Stop))
            {
            }

            for (int i = 0; i < CallCount; i++)
            {
                await recording.InvokeAsync(new CimCall("root/cimv2", "Win32_Large", "Ask") { Arguments = [new("Path", CimType.String, $@"C:\Disks\{i}.vhdx")] }, Stop);
            }

            await writer.CompleteAsync(Stop);
        }

        long written = live.Peak();
        Assert.True(new FileInfo(path).Length > Size);
        await using var session = new CaptureSession(CaptureFile.Open(path));
        long opened = live.Peak();
        long rows = 0;
        await foreach (var row in session.QueryAsync(Large with { Columns = ["Name"] }, Stop))
        {
            rows++;
        }

        var reply = await session.InvokeAsync(new CimCall("root/cimv2", "Win32_Large", "Ask") { Arguments = [new("Path", CimType.String, @"c:\disks\12345.VHDX")] }, Stop);
        long read = live.Peak();

        Assert.True(rows > 100_000, $"{rows} rows");
        Assert.Equal(@"C:\Disks\12345.vhdx", reply.Out.String("Echo"));
        TestContext.Current.TestOutputHelper?.WriteLine($"{new FileInfo(path).Length} bytes, {rows} rows, {CallCount} calls; live heap at most: written {written}, opened {opened}, read {read}");
        Assert.InRange(written, 0, Allowed);
        Assert.InRange(opened, 0, Allowed);
        Assert.InRange(read, 0, Allowed);
    }

    /// <summary>A host with as many rows as fill a file.</summary>
    private sealed class Endless(long size) : ICimSession
    {
        public string Target => "HV01";

        public async IAsyncEnumerable<CimRow> QueryAsync(CimQuery query, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
        {
            await Task.CompletedTask;
            string text = new('x', 1000);
            for (long i = 0, bytes = 0; bytes < size; i++, bytes += 1000)
            {
                yield return CimRow.Of(query.Class, ("Name", $"row {i}"), ("Number", i), ("Text", text), ("Numbers", new List<object?> { i, i + 1 }));
            }
        }

        public Task<CimReply> InvokeAsync(CimCall call, CancellationToken cancellationToken) =>
            Task.FromResult(new CimReply(0, CimRow.Of("", ("Echo", call.Arguments[0].Value), ("Text", "y"))));

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }

    /// <summary>Looks at what is reachable, not at garbage, while somebody else works.</summary>
    private sealed class LiveBytes : IAsyncDisposable
    {
        private readonly CancellationTokenSource _end = new();
        private readonly long _before;
        private readonly Task _watching;
        private long _peak;

        private LiveBytes(long before)
        {
            _before = before;
            _watching = Task.Run(WatchAsync);
        }

        public static LiveBytes Watch() => new(GC.GetTotalMemory(forceFullCollection: true));

        /// <summary>Growth since the last call, at its highest.</summary>
        public long Peak()
        {
            Look();
            return Interlocked.Exchange(ref _peak, 0);
        }

        private async Task WatchAsync()
        {
            while (!_end.IsCancellationRequested)
            {
                Look();
                await Task.Delay(100, _end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }

        private void Look()
        {
            long live = GC.GetTotalMemory(forceFullCollection: true) - _before;
            long peak;
            while (live > (peak = Interlocked.Read(ref _peak)) && Interlocked.CompareExchange(ref _peak, live, peak) != peak)
            {
            }
        }

        public async ValueTask DisposeAsync()
        {
            await _end.CancelAsync();
            await _watching;
            _end.Dispose();
        }
    }
}

using System.IO.Compression;
using HyperVDash.Cim;
using HyperVDash.Cim.Capture;
using HyperVDash.Fuzz.Seeds;

namespace HyperVDash.Fuzz.Targets;

/// <summary>A capture file that somebody sent.</summary>
internal sealed class CaptureTarget : FuzzTarget, IDisposable
{
    // Each answer and each call is read from its place in the file through a buffer of its own.
    private const int Few = 6;

    // In memory where the system has such a folder: a million files would wear a disk out.
    private readonly string _file = Path.Combine(Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath(), $"hypervdash-fuzz-{Environment.ProcessId}.json");

    public override string Name => "captures";

    public override Grammar Grammar => Grammar.Json;

    public override long FixedCost => 3 << 19;

    public override IReadOnlyList<string> Code => 
    [
        .. new[] { "CaptureFile", "CaptureIndex", "CaptureBytes", "CaptureLayouts", "CaptureValues", "CaptureErrors", "CaptureEntry", "CapturedCall", "CaptureCalls", "JsonTokens" }.Select(t => $"HyperVDash.Cim.Capture.{t}"),
    ];

    public override async Task<IReadOnlyList<byte[]>> SeedsAsync(CancellationToken cancellationToken) =>
        (await LabAnswers.OfAsync(cancellationToken).ConfigureAwait(false)).Captures;

    public override string Read(ReadOnlySpan<byte> input)
    {
        // Some are packed, as the agent writes them.
        File.WriteAllBytes(_file, input.Length % 8 == 0 ? Packed(input) : input);
        try
        {
            using var file = CaptureFile.Open(_file);
            Expect(file.Header.Host.Length > 0 || file.Entries.Count == 0, "a capture with answers names its host");
            foreach (var entry in file.Entries.Take(Few))
            {
                Expect(entry.Error is null || Enum.IsDefined(entry.Error.Kind), "an error is of a kind that is known");
                Expect(entry.Namespace.Length > 0 && entry.Class.Length > 0, "an answer names its class");
                foreach (var row in file.Rows(entry))
                {
                    RowGetters.UseAll(row);
                }
            }

            foreach (var call in file.Calls.Take(Few))
            {
                RowGetters.UseAll(call.Reply.Out);
                RowGetters.UseAll(call.Arguments);
            }

            Expect(CaptureFile.ReadHeader(_file) == file.Header, "the beginning of a capture says the same as the whole");
            Expect(file.FindCall(new CimCall("root/default", "StdRegProv", "EnumKey")) is null or { Method: "EnumKey" }, "a call that is found is the one that was looked for");
            return "accepted";
        }
        catch (CaptureException refused)
        {
            ExpectSentence(refused.Message);
            return "not a capture, or damaged";
        }
    }

    private static byte[] Packed(ReadOnlySpan<byte> input)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(input);
        }

        return packed.ToArray();
    }

    public void Dispose() => File.Delete(_file);
}

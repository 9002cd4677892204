using System.Text;
using HyperVDash.Agent.Collect.Disks;
using HyperVDash.Cim;
using HyperVDash.Fuzz.Seeds;

namespace HyperVDash.Fuzz.Targets;

/// <summary>The instance that the image service sends as text: facts of a file that somebody put on the host.</summary>
internal sealed class DiskHeaderTarget : FuzzTarget
{
    public override string Name => "disks";

    public override Grammar Grammar => Grammar.Xml;

    public override IReadOnlyList<string> Code => ["HyperVDash.Cim.EmbeddedInstance", "HyperVDash.Cim.CimRow", "HyperVDash.Agent.Collect.Disks.DiskHeader"];

    public override async Task<IReadOnlyList<byte[]>> SeedsAsync(CancellationToken cancellationToken) =>
        (await LabAnswers.OfAsync(cancellationToken).ConfigureAwait(false)).DiskHeaders;

    public override string Read(ReadOnlySpan<byte> input)
    {
        var reply = CimRow.Of("Msvm_ImageManagementService", ("Info", Encoding.UTF8.GetString(input)));
        if (reply.Embedded("Info") is not { } header)
        {
            return "not an instance";
        }

        RowGetters.UseAll(header);
        foreach (bool isV1 in (bool[])[true, false])
        {
            var note = DiskHeader.Read(new DiskNote(), header, isV1);
            Expect(Enum.IsDefined(note.Format) && Enum.IsDefined(note.Type), "format and type are words that are known");
            Expect(note.MaximumSize is null or >= 0 && note.ToldSize is null or >= 0, "no size is negative");
            Expect(note.BlockSize is null or >= 0 && note.LogicalSectorSize is null or >= 0 && note.PhysicalSectorSize is null or >= 0, "no block and no sector is negative");
            Expect(note.ParentPath is null or { Length: > 0 and <= 2048 }, "the parent's path is one that can be shown");
        }

        return "accepted";
    }
}

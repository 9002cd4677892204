namespace HyperVDash.Cim.Tests.Rows;

/// <summary>Instances as text: what guests tell, and what a disk is.</summary>
public sealed class EmbeddedInstanceTests
{
    [Fact]
    public void A_guests_item_is_read_whatever_the_order_and_without_the_values_it_lacks()
    {
        Assert.True(EmbeddedInstance.TryParse("""
            <INSTANCE CLASSNAME="Msvm_KvpExchangeDataItem">
              <PROPERTY NAME="Caption" PROPAGATED="true" TYPE="string"></PROPERTY>
              <PROPERTY NAME="Data" TYPE="string"><VALUE>AUTOBVT-4OVYXAB</VALUE></PROPERTY>
              <PROPERTY NAME="Description" PROPAGATED="true" TYPE="string"></PROPERTY>
              <PROPERTY NAME="ElementName" PROPAGATED="true" TYPE="string"></PROPERTY>
              <PROPERTY NAME="Name" TYPE="string"><VALUE>FullyQualifiedDomainName</VALUE></PROPERTY>
              <PROPERTY NAME="Source" TYPE="uint16"><VALUE>2</VALUE></PROPERTY>
            </INSTANCE>
            """, out var row));

        Assert.Equal(("Msvm_KvpExchangeDataItem", "FullyQualifiedDomainName", "AUTOBVT-4OVYXAB", 2), (row.ClassName, row.String("Name"), row.String("Data"), row.Int32("Source")));
        Assert.True(row.Has("Caption"));
        Assert.Null(row.String("Caption"));
    }

    [Theory]
    [InlineData("""<INSTANCE CLASSNAME="K"><PROPERTY NAME="Data" TYPE="string"></PROPERTY><PROPERTY NAME="Name" TYPE="string"><VALUE>OSName</VALUE></PROPERTY></INSTANCE>""", null)]
    [InlineData("""<INSTANCE CLASSNAME="K"><PROPERTY NAME="Data" TYPE="string"/><PROPERTY NAME="Name" TYPE="string"><VALUE>OSName</VALUE></PROPERTY></INSTANCE>""", null)]
    [InlineData("""<INSTANCE CLASSNAME="K"><PROPERTY NAME="Data" TYPE="string"><VALUE>a &#34;b&#34; &amp; c</VALUE></PROPERTY><PROPERTY NAME="Name" TYPE="string"><VALUE>OSName</VALUE></PROPERTY></INSTANCE>""", "a \"b\" & c")]
    [InlineData("<INSTANCE CLASSNAME=\"K\"><PROPERTY NAME=\"Data\" TYPE=\"string\"><VALUE>a\0\u0001b</VALUE></PROPERTY><PROPERTY NAME=\"Name\" TYPE=\"string\"><VALUE>OSName</VALUE></PROPERTY></INSTANCE>", "ab")]
    public void Whatever_a_guest_sends_is_no_exception(string text, string? data)
    {
        Assert.True(EmbeddedInstance.TryParse(text, out var row));
        Assert.Equal(("OSName", data), (row.String("Name"), row.String("Data")));
    }

    [Fact]
    public void A_virtual_hard_disk_of_the_first_generation_is_dynamic_of_8192_bytes_without_parent()
    {
        Assert.True(EmbeddedInstance.TryParse("""
            <INSTANCE CLASSNAME="Msvm_VirtualHardDiskInfo"><PROPERTY NAME="Type" TYPE="uint16"><VALUE>3</VALUE></PROPERTY>
            <PROPERTY NAME="FileSize" TYPE="uint64"><VALUE>8192</VALUE></PROPERTY><PROPERTY NAME="ParentPath" TYPE="string"></PROPERTY></INSTANCE>
            """, out var row));

        Assert.Equal((3, 8192L), (row.Int32("Type"), row.Int64("FileSize")));
        Assert.True(string.IsNullOrEmpty(row.String("ParentPath")));
    }

    [Fact]
    public void The_other_spelling_with_an_element_named_like_the_class_is_read_too()
    {
        Assert.True(EmbeddedInstance.TryParse("""<p:Msvm_VirtualHardDiskSettingData xmlns:p="x" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><p:Type>3</p:Type><p:ParentPath xsi:nil="true"/></p:Msvm_VirtualHardDiskSettingData>""", out var row));

        Assert.Equal(("Msvm_VirtualHardDiskSettingData", 3), (row.ClassName, row.Int32("Type")));
        Assert.Null(row.String("ParentPath"));
    }

    [Fact]
    public void An_array_in_an_instance_keeps_its_elements()
    {
        Assert.True(EmbeddedInstance.TryParse("""<INSTANCE CLASSNAME="X"><PROPERTY.ARRAY NAME="Codes" TYPE="uint16"><VALUE.ARRAY><VALUE>2</VALUE><VALUE>7</VALUE></VALUE.ARRAY></PROPERTY.ARRAY></INSTANCE>""", out var row));

        Assert.Equal([2L, 7L], row.Numbers("Codes"));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("plain text")]
    [InlineData("instance of Msvm_KvpExchangeDataItem { Name = \"x\"; };")]
    [InlineData("<INSTANCE CLASSNAME=\"X\"><PROPERTY NAME=\"a\">")]
    [InlineData("<!DOCTYPE x [<!ENTITY e \"boom\">]><INSTANCE CLASSNAME=\"X\"><PROPERTY NAME=\"a\"><VALUE>&e;</VALUE></PROPERTY></INSTANCE>")]
    public void What_is_no_instance_is_none(string? text) => Assert.False(EmbeddedInstance.TryParse(text, out _));

    [Fact]
    public void A_text_that_is_too_long_is_not_even_begun() =>
        Assert.False(EmbeddedInstance.TryParse("<INSTANCE CLASSNAME=\"X\"/>" + new string(' ', EmbeddedInstance.MaxLength), out _));

    [Theory]
    [InlineData("<INSTANCE CLASSNAME=\"X\">")]
    [InlineData("<INSTANCE CLASSNAME=\"X\"><PROPERTY NAME=\"A\"><VALUE>")]
    [InlineData("<X>")]
    [InlineData("<X><A>text")]
    public void Elements_within_elements_cost_a_guest_its_item_and_the_host_nothing(string start)
    {
        string text = start + string.Concat(Enumerable.Repeat("<a>", 100_000));
        Assert.False(EmbeddedInstance.TryParse(text, out _));
        long before = GC.GetAllocatedBytesForCurrentThread();

        Assert.False(EmbeddedInstance.TryParse(text, out _));

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000);
    }
}
